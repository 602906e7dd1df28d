import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { scenarioOf } from './scenario.fixture.ts';
import { simulate, type SimulationProgress } from './simulate.ts';
import { strategyNames } from './simulation-result.ts';

const short = {
  durationSeconds: 90,
  measuredFromSecond: 30,
  seeds: [1],
  calls: { length: { shape: 'exponential', meanSeconds: 10 } },
};
const twoRegions = {
  ...short,
  policy: {
    regions: {
      home: { location: [50, 8], spillover: ['away'] },
      away: { location: [53, -6], spillover: ['home'] },
    },
  },
  regions: {
    home: { nodes: [{ count: 4, capacityMbps: 50 }] },
    away: { nodes: [{ count: 4, capacityMbps: 50 }] },
  },
};
const seeds = fc.nat({ max: 1_000_000 });
const strategies = fc.constantFrom(...strategyNames);

describe('simulate', () => {
  test('gives the same result for the same seed', () => {
    fc.assert(
      fc.property(seeds, strategies, (seed, strategy) => {
        const run = () => simulate(scenarioOf(short), { seeds: [seed], strategies: [strategy] });
        expect(run()).toEqual(run());
      }),
      { numRuns: 10 },
    );
  });

  test('gives every strategy the same requests, and every request is answered or refused', () => {
    const scenario = scenarioOf({
      ...twoRegions,
      demand: { regions: { home: 1.2, away: 0.4 } },
      events: [{ type: 'region-lost', atSecond: 40, region: 'home', forSeconds: 20 }],
    });
    fc.assert(
      fc.property(seeds, (seed) => {
        const requests = simulate(scenario, { seeds: [seed], strategies: strategyNames }).strategies.map(({ runs }) => {
          const figures = runs[0]?.figures;
          return (figures?.calls ?? 0) + (figures?.refused ?? 0) + (figures?.special['crashed.callsNotBegun'] ?? 0);
        });
        expect(requests[0]).toBeGreaterThan(0);
        expect(new Set(requests).size).toBe(1);
      }),
      { numRuns: 5 },
    );
  });

  test('keeps every share between 0 and 1, and spills at most all requests of a region', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.constantFrom('turn-router', 'cliff'),
        (seed, factor, strategy) => {
          const scenario = scenarioOf({ ...twoRegions, demand: { regions: { home: factor, away: 0.4 } } });
          const [result] = simulate(scenario, { seeds: [seed], strategies: [strategy] }).strategies;
          const figures = result?.runs[0]?.figures;
          const shares = Object.values(figures?.spillShare ?? {});
          expect(shares).toHaveLength(2);
          for (const { mean, max } of shares) {
            expect(mean).toBeGreaterThanOrEqual(0);
            expect(mean).toBeLessThanOrEqual(max);
            expect(max).toBeLessThanOrEqual(1);
          }
          expect(figures?.overloadedCallShare).toBeGreaterThanOrEqual(0);
          expect(figures?.overloadedCallShare).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('has a mean load equal to the demand (Little’s law) for every yield', () => {
    const scenario = scenarioOf({
      ...short,
      durationSeconds: 330,
      regions: { home: { nodes: [{ count: 10, capacityMbps: 400 }] } },
      demand: { regions: { home: 0.6 } },
      calls: { ...short.calls, yield: 0.25 },
    });
    const [result] = simulate(scenario, { strategies: ['random'] }).strategies;
    expect(result?.runs[0]?.figures.regionLoad['home']?.mean).toBeCloseTo(0.6, 1.5);
  });

  test('returns curves as long as atSeconds, with at most 600 points', () => {
    const scenario = scenarioOf({ ...twoRegions, demand: { regions: { home: 0.5 } } });
    const series = simulate(scenario).strategies[0]?.series;
    const lengths = [
      series?.peakToIdeal,
      series?.addedDistanceKm,
      series?.overloadedCallShare,
      ...Object.values(series?.regionLoad ?? {}),
      ...Object.values(series?.spillShare ?? {}),
    ].map((curve) => curve?.length);
    expect(series?.atSeconds).toHaveLength(18);
    expect(lengths).toEqual([18, 18, 18, 18, 18, 18, 18]);
  });

  test('reports progress from start to end', () => {
    const seen: SimulationProgress[] = [];
    simulate(scenarioOf({ ...short, seeds: [5] }), { onProgress: (progress) => seen.push(progress) });
    expect(seen).toHaveLength(100);
    expect(seen[50]).toEqual({ strategy: 'turn-router', seed: 5, doneSeconds: 45, durationSeconds: 90 });
  });

  test('checks claims for turn-router only', () => {
    const scenario = scenarioOf({ ...short, claims: [{ figure: 'peakToIdeal.p50', atLeast: 1, atMost: 1.0001 }] });
    expect(simulate(scenario, { strategies: ['random'] }).claims).toEqual([]);
    expect(simulate(scenario).claims).toEqual([
      {
        figure: 'peakToIdeal.p50',
        atLeast: 1,
        atMost: 1.0001,
        mean: expect.any(Number),
        bySeed: [expect.any(Number)],
        holds: false,
      },
    ]);
  });

  test('shortens the measured time, but not below the minimum of the scenario', () => {
    const scenario = scenarioOf({ ...short, durationSeconds: 900 });
    const duration = (changes: object, scale: number) =>
      simulate({ ...scenario, ...changes }, { scale, strategies: ['random'] }).scenario.durationSeconds;
    expect(duration({}, 1)).toBe(900);
    expect(duration({}, 0.5)).toBe(465);
    expect(duration({}, 0)).toBe(90);
    expect(duration({ leastDurationSeconds: 200 }, 0)).toBe(200);
  });
});
