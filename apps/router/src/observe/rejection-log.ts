import type { Logger } from './logger.ts';

/** At most this many bad records are named in the log; the metric counts them all. */
const namedMax = 100;

/** Says of each bad record once that it is one, and again when it is bad in another way or after it was gone. */
export function createRejectionLog(
  logger: Logger,
  message: string,
): (rejected: readonly { readonly name: string; readonly detail: string }[]) => void {
  let known = new Map<string, string>();
  return (rejected) => {
    // In a fixed order, or a changing choice of a hundred would be said again and again.
    const named = rejected.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, namedMax);
    const current = new Map(named.map(({ name, detail }) => [name.slice(0, 200), detail]));
    for (const [name, detail] of current) {
      if (known.get(name) !== detail) logger.warn({ record: name, detail }, message);
    }
    known = current;
  };
}
