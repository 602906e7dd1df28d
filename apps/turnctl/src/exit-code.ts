/** The exit codes of all commands. */
export const exitCodes = {
  done: 0,
  /** The command ran, but a claim is not met or a check failed. */
  claimFailed: 1,
  /** The arguments, the environment or a file are invalid, or Redis cannot be used. */
  fault: 2,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
