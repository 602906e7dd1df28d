import { medianOf } from './median.ts';
import { isFresh, type SeenProof } from './seen-proofs.ts';
import { resultOf, type Steps } from './steps.ts';

/** The round trip from the probers of one region to the nodes of another, or of the same. */
export type RegionRoundTrip = {
  readonly from: string;
  readonly to: string;
  /** Median over the proofs, rounded to 0.1 ms as the proofs are. */
  readonly roundTripMs: number;
  /** Number of proofs behind the median. */
  readonly proofs: number;
};

/**
 * Returns the median round trip for each pair of regions that has fresh proofs, in the order of the names. The shortest round trip of a proof
 * counts, because a lost packet makes a path longer and nothing makes it shorter.
 */
export function roundTripMatrix(proofs: readonly SeenProof[], nowMs: number): RegionRoundTrip[] {
  return resultOf(roundTripMatrixInSteps(proofs, nowMs));
}

/** `roundTripMatrix` in steps. */
export function* roundTripMatrixInSteps(proofs: readonly SeenProof[], nowMs: number): Steps<RegionRoundTrip[]> {
  const samples = new Map<string, Map<string, number[]>>();
  for (const seen of proofs) {
    yield;
    const roundTripsMs = seen.proof.paths.flatMap(({ ok, roundTripMs }) =>
      ok && roundTripMs !== undefined ? [roundTripMs] : [],
    );
    if (roundTripsMs.length === 0 || !isFresh(seen, nowMs)) continue;
    const row = samples.get(seen.prober.region) ?? new Map<string, number[]>();
    samples.set(seen.prober.region, row);
    const cell = row.get(seen.target.region) ?? [];
    row.set(seen.target.region, cell);
    cell.push(Math.min(...roundTripsMs));
  }
  return [...samples.keys()].toSorted().flatMap((from) => {
    const row = samples.get(from) ?? new Map<string, number[]>();
    return [...row.keys()].toSorted().map((to) => {
      const values = row.get(to) ?? [];
      return { from, to, roundTripMs: Math.round(medianOf(values) * 10) / 10, proofs: values.length };
    });
  });
}
