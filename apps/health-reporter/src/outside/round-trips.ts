import { medianOf } from '@turn-router/outside-proof';

/** Round trips behind a published figure. One delayed packet does not move the median of ten. */
const samplesMax = 10;

/** Keeps the last round trips of each path. */
export interface RoundTrips {
  /** Takes a round trip in ms, and returns the median of the last ten of this path, rounded to 0.1 ms. */
  add(path: string, roundTripMs: number): number;
  /** Forgets the paths for which `isWanted` is false. */
  retain(isWanted: (path: string) => boolean): void;
}

export function createRoundTrips(): RoundTrips {
  const samples = new Map<string, readonly number[]>();
  return {
    add(path, roundTripMs) {
      const last = [...(samples.get(path) ?? []), roundTripMs].slice(-samplesMax);
      samples.set(path, last);
      return Math.round(medianOf(last) * 10) / 10;
    },
    retain(isWanted) {
      for (const path of samples.keys()) if (!isWanted(path)) samples.delete(path);
    },
  };
}
