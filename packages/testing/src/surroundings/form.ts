/**
 * Suites that take long have two forms. `npm test` runs the short one, whose verdict does not hang on how much else the machine has to do.
 * `FORM=full` has the durations, numbers and bounds of the requirements, on a machine with nothing else to do: `npm run test:faults` and
 * `npm run prove -- full-form`.
 */
export const isFullForm = process.env['FORM'] === 'full';

export function byForm<T>({ short, full }: { short: T; full: T }): T {
  return isFullForm ? full : short;
}

/** How long something may take, ms, that a requirement bounds; in the short form ten times as long. */
export function boundMs(requiredMs: number): number {
  return byForm({ short: 10 * requiredMs, full: requiredMs });
}
