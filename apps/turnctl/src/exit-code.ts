/** What a command tells the shell. */
export const exitCodes = {
  done: 0,
  /** All went well, and a claim turned out not to hold. */
  claimFailed: 1,
  /** Arguments or files that nothing can be done with. */
  fault: 2,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
