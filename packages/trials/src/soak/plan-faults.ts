import type { SoakFault } from './soak-faults.ts';

export type PlannedFault = { readonly fault: SoakFault; readonly startsAtMs: number; readonly lastsMs: number };

/** Time without a fault between two, ms. */
const calmMs = [8_000, 25_000] as const;

/**
 * Faults in random order, each with a random length and calm after it, until `totalMs`. All of them come once before one comes again.
 *
 * @param random uniform in [0, 1)
 */
export function planFaults(faults: readonly SoakFault[], totalMs: number, random: () => number): PlannedFault[] {
  const planned: PlannedFault[] = [];
  const between = ([from, to]: readonly [number, number]) => from + (to - from) * random();
  let startsAtMs = calmMs[0];
  let left: SoakFault[] = [];
  for (;;) {
    if (left.length === 0) left = [...faults];
    const [fault] = left.splice(Math.floor(random() * left.length), 1);
    if (fault === undefined) return planned;
    const lastsMs = 1000 * between(fault.seconds);
    // It ends with calm, so that a return is seen as well.
    if (startsAtMs + lastsMs + calmMs[0] > totalMs) return planned;
    planned.push({ fault, startsAtMs, lastsMs });
    startsAtMs += lastsMs + between(calmMs);
  }
}
