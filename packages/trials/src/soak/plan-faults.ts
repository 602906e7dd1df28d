import type { SoakFault } from './soak-faults.ts';

export type PlannedFault = { readonly fault: SoakFault; readonly startsAtMs: number; readonly lastsMs: number };

/** Shortest and longest pause between two faults, ms. */
const pauseMs = [8_000, 25_000] as const;

/**
 * Plans faults in random order until `totalMs`, each with a random length and a pause after it. Every fault is planned once before one repeats.
 *
 * @param random returns numbers uniform in [0, 1)
 */
export function planFaults(faults: readonly SoakFault[], totalMs: number, random: () => number): PlannedFault[] {
  const planned: PlannedFault[] = [];
  const between = ([from, to]: readonly [number, number]) => from + (to - from) * random();
  let startsAtMs = pauseMs[0];
  let left: SoakFault[] = [];
  for (;;) {
    if (left.length === 0) left = [...faults];
    const [fault] = left.splice(Math.floor(random() * left.length), 1);
    if (fault === undefined) return planned;
    const lastsMs = 1000 * between(fault.seconds);
    // The plan ends with a pause, so that the run also shows the recovery from the last fault.
    if (startsAtMs + lastsMs + pauseMs[0] > totalMs) return planned;
    planned.push({ fault, startsAtMs, lastsMs });
    startsAtMs += lastsMs + between(pauseMs);
  }
}
