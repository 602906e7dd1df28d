/** The exit codes of all commands. */
export const exitCodes = {
  done: 0,
  /** The command ran, and a claim does not hold or a check failed. */
  claimFailed: 1,
  /** The arguments, the environment or a file are faulty, or Redis cannot be used. */
  fault: 2,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
