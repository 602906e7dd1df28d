import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { policyWith } from './fleet.fixture.ts';
import { propertyRuns, propertyTimeoutMs } from './property-runs.fixture.ts';
import { createSpillController, type SpillController } from './spill-controller.ts';
import { sharesByEdge } from './spill-shares.fixture.ts';

const mutual = policyWith({
  defaultRegion: 'a',
  regions: {
    a: { location: [0, 0], spillover: ['b', { region: 'c', maxShare: 0.6 }, 'd'] },
    b: { location: [0, 0], spillover: ['a', 'c', 'd'] },
    c: { location: [0, 0], spillover: ['d', { region: 'a', maxShare: 0.1 }, 'b'] },
    d: { location: [0, 0], spillover: ['c', 'b', 'a'] },
  },
});
const capOf = (from: string, to: string) =>
  mutual.regions[from]?.spillover.find(({ region }) => region === to)?.maxShare ?? 0;
const names = Object.keys(mutual.regions);
const anyLoad = fc.oneof(
  { arbitrary: fc.constantFrom(0.1, 0.1, 0.74, 0.77, 0.77, 0.9, 0.9, 1.2), weight: 3 },
  { arbitrary: fc.double({ min: 0, max: 1.6, noNaN: true }), weight: 1 },
);
/** Loads that are kept for some observations. A region without a load has no nodes. */
const anyPhase = fc.record({
  byRegion: fc.dictionary(fc.constantFrom(...names), anyLoad, { minKeys: 3 }),
  observations: fc.integer({ min: 1, max: 8 }),
  elapsedMs: fc.constantFrom(500, 5000, 20_000),
});
const anyCapacities = fc.tuple(...names.map(() => fc.constantFrom(100, 1000, 5000)));
const anyHistory = fc.tuple(anyCapacities, fc.array(anyPhase, { minLength: 1, maxLength: 8 }));

type History = typeof anyHistory extends fc.Arbitrary<infer T> ? T : never;

/** @param faultsOf returns the faults after an observation, from the shares before it and the time since then */
function faultsThrough(
  [capacitiesMbps, phases]: History,
  faultsOf: (after: SpillController, before: Record<string, number>, elapsedMs: number) => readonly unknown[],
): unknown[] {
  const controller = createSpillController();
  const faults: unknown[] = [];
  let nowMs = 0;
  for (const { byRegion, observations, elapsedMs } of phases) {
    const observed = new Map(
      Object.entries(byRegion).map(([region, load]) => [
        region,
        { load, capacityMbps: capacitiesMbps[names.indexOf(region)] ?? 0, meanCallMs: 120_000 },
      ]),
    );
    for (let observation = 0; observation < observations; observation += 1) {
      const before = sharesByEdge(controller);
      const isFirst = nowMs === 0;
      nowMs += elapsedMs;
      controller.advance(observed, mutual, nowMs);
      faults.push(...faultsOf(controller, before, isFirst ? Number.POSITIVE_INFINITY : elapsedMs));
    }
  }
  return faults;
}

describe('for all loads over time', () => {
  test(
    'no two regions send calls to each other',
    () => {
      fc.assert(
        fc.property(anyHistory, (history) => {
          const faults = faultsThrough(history, (controller) => {
            const ways = sharesByEdge(controller);
            return controller.edges().filter(({ from, to }) => `${to}>${from}` in ways);
          });
          expect(faults).toEqual([]);
        }),
        { numRuns: propertyRuns },
      );
    },
    propertyTimeoutMs,
  );

  test(
    'the shares of a region sum to at most 1',
    () => {
      fc.assert(
        fc.property(anyHistory, (history) => {
          const faults = faultsThrough(history, (controller) =>
            names
              .map((region) => controller.edgesFrom(region).reduce((sum, { share }) => sum + share, 0))
              .filter((sent) => sent > 1 + 1e-9),
          );
          expect(faults).toEqual([]);
        }),
        { numRuns: propertyRuns },
      );
    },
    propertyTimeoutMs,
  );

  test(
    'a share is above 0, at most its maximum, and moves by at most 2 points a second unless the target has no nodes',
    () => {
      fc.assert(
        fc.property(anyHistory, (history) => {
          const faults = faultsThrough(history, (controller, before, elapsedMs) => {
            const most = elapsedMs * 0.000_02 + 1e-9;
            return controller.edges().filter(({ from, to, share }) => {
              const moved = share - (before[`${from}>${to}`] ?? 0);
              return share <= 0 || share > capOf(from, to) + 1e-9 || Math.abs(moved) > most;
            });
          });
          expect(faults).toEqual([]);
        }),
        { numRuns: propertyRuns },
      );
    },
    propertyTimeoutMs,
  );
});
