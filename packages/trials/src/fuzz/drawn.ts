import fc from 'fast-check';

/** Values drawn at a time, with one seed. The drawn values therefore do not depend on the speed of their use. */
const batchSize = 50;

/** Draws values without end. */
export function* drawn<Value>(arbitrary: fc.Arbitrary<Value>, seed: number): Generator<Value, undefined> {
  for (let batch = 0; ; batch += 1) yield* fc.sample(arbitrary, { seed: seed + batch, numRuns: batchSize });
}
