import type { NodeKey } from '@turn-router/contract/registry';
import fc from 'fast-check';

/** Returns nodes such as `fra/fra-0`, `iad/iad-0`. */
export function fleetOf(sizes: Readonly<Record<string, number>>): NodeKey[] {
  return Object.entries(sizes).flatMap(([region, size]) =>
    Array.from({ length: size }, (_, index) => ({ region, id: `${region}-${index}` })),
  );
}

/** Returns `count` nodes, divided evenly among the regions `r0`, `r1`, …. */
export function evenFleet(count: number, regions: number): NodeKey[] {
  return Array.from({ length: count }, (_, index) => ({ region: `r${index % regions}`, id: `node-${index}` }));
}

/** Fleets of up to five regions of up to eight nodes. */
export const anyFleet = fc
  .array(fc.nat(8), { minLength: 1, maxLength: 5 })
  .map((sizes) => fleetOf(Object.fromEntries(sizes.map((size, index) => [`r${index}`, size]))));

/** Returns points uniform in [0, 1), the same for the same seed. */
export function uniformDraws(seed: number): () => number {
  const [stream] = fc.sample(fc.infiniteStream(fc.noBias(fc.nat(2 ** 31 - 1)), { noHistory: true }), {
    seed,
    numRuns: 1,
  });
  if (stream === undefined) throw new Error('fast-check gave no stream');
  return () => stream.next().value / 2 ** 31;
}
