import { jitter } from './report-until.ts';

/**
 * How long a reporter holds back at its start, ms: uniform in a fifth of the interval, which is as far apart as the jitter of an interval
 * brings two reporters. Many that start in one moment, as after a power cut, do not write in one.
 *
 * @param chance uniform in [0, 1)
 */
export function startDelayMs(intervalMs: number, chance: number): number {
  return 2 * jitter * intervalMs * chance;
}
