/** `full` by `npm run test:faults`: the durations and the bounds of the requirements. Else the short form, for any machine within `npm test`. */
export const isFull = process.env['FAULTS'] === 'full';

export function byForm<T>({ short, full }: { short: T; full: T }): T {
  return isFull ? full : short;
}

/** How long something may take: the requirement itself in the full form; much more in the short one, whose machine may stall for seconds. */
export function boundMs(fullMs: number): number {
  return isFull ? fullMs : fullMs + 15_000;
}
