import fc from 'fast-check';

/** Returns these points in order. Then returns the last point again and again. */
export function drawsOf(...points: readonly number[]): () => number {
  let next = 0;
  return () => {
    const point = points[Math.min(next, points.length - 1)] ?? 0;
    next += 1;
    return point;
  };
}

/** Returns points uniform in [0, 1), the same for the same seed. */
export function uniformDraws(seed: number): () => number {
  const [stream] = fc.sample(fc.infiniteStream(fc.noBias(fc.nat(2 ** 31 - 1)), { noHistory: true }), {
    seed,
    numRuns: 1,
  });
  if (stream === undefined) throw new Error('fast-check gave no stream');
  return () => stream.next().value / 2 ** 31;
}

/** The frequency of each outcome, as a share of 1. */
export function sharesOf(times: number, draw: () => string | undefined): Record<string, number> {
  const shares: Record<string, number> = {};
  for (let count = 0; count < times; count += 1) {
    const outcome = draw() ?? 'none';
    shares[outcome] = (shares[outcome] ?? 0) + 1 / times;
  }
  return shares;
}
