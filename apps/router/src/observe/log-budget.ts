/** The time for which a budget of log lines lasts, ms. */
const periodMs = 60_000;

/**
 * Limits the log lines that a client which writes to the registry can cause. A metric counts what is not logged.
 *
 * @param max the largest number of lines in a minute
 * @returns a function that runs `log` if the budget permits it
 */
export function createLogBudget(monotonicNowMs: () => number, max: number): (log: () => void) => void {
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let used = 0;
  return (log) => {
    const nowMs = monotonicNowMs();
    if (nowMs - startedAtMs >= periodMs) {
      startedAtMs = nowMs;
      used = 0;
    }
    if (used >= max) return;
    used += 1;
    log();
  };
}
