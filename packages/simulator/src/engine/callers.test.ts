import { describe, expect, test } from '@jest/globals';
import { scenarioOf } from '../scenario.fixture.ts';
import { createCallers, dailyFactor } from './callers.ts';

const twoRegions = {
  regions: {
    frankfurt: { nodes: [{ count: 2, capacityMbps: 100 }] },
    virginia: { nodes: [{ count: 1, capacityMbps: 200 }] },
  },
  policy: {
    regions: { frankfurt: { location: [50.11, 8.68] }, virginia: { location: [38.95, -77.45] } },
    placement: { countries: { IE: 'virginia' } },
  },
};
const place = (name: string, country: string, location: [number, number], weight: number) => ({
  name,
  country,
  location,
  weight,
});

describe('callers', () => {
  test('of a region have a demand of the region’s capacity × the factor of the current step', () => {
    const steps = [
      { atSecond: 0, factor: 0.5 },
      { atSecond: 100, factor: 1.2 },
    ];
    const [callers] = createCallers(scenarioOf({ ...twoRegions, demand: { regions: { frankfurt: steps } } }));
    expect([0, 99, 100, 500].map((second) => callers?.demandMbpsAt(second))).toEqual([100, 100, 240, 240]);
    expect(callers?.placed).toEqual({ homeRegion: 'frankfurt' });
  });

  test('at places get their home region from the policy, and share the world’s demand by weight', () => {
    const callers = createCallers(
      scenarioOf({
        ...twoRegions,
        demand: {
          world: {
            meanFactor: 0.5,
            swing: 0,
            places: [place('Berlin', 'DE', [52.52, 13.41], 3), place('Dublin', 'IE', [53.35, -6.26], 1)],
          },
        },
      }),
    );
    expect(callers.map(({ placed, demandMbpsAt }) => [placed, demandMbpsAt(0)])).toEqual([
      [{ homeRegion: 'frankfurt', country: 'DE' }, 150],
      [{ homeRegion: 'virginia', country: 'IE' }, 50],
    ]);
    const [berlin, dublin] = callers;
    expect(berlin?.addedKmByRegion?.get('frankfurt')).toBe(0);
    expect(berlin?.addedKmByRegion?.get('virginia')).toBeCloseTo(6290, -2);
    // The policy places Ireland across the ocean, which adds distance to the nearest region.
    expect(dublin?.addedKmByRegion?.get('virginia')).toBeCloseTo(4370, -2);
  });

  test('at places have their peak in the local evening', () => {
    const [tokyo] = createCallers(
      scenarioOf({
        ...twoRegions,
        demand: {
          world: {
            meanFactor: 0.5,
            swing: 0.8,
            peakHour: 20,
            startHourUtc: 6,
            places: [{ ...place('Tokyo', 'JP', [35.68, 139.69], 1), utcOffsetHours: 9 }],
          },
        },
      }),
    );
    const peakSecond = 5 * 3600;
    expect(tokyo?.demandMbpsAt(peakSecond)).toBeCloseTo(200 * 1.8);
    expect(tokyo?.demandMbpsAt(peakSecond + 12 * 3600)).toBeCloseTo(200 * 0.2);
  });
});

describe('dailyFactor', () => {
  test('has a mean of 1 over a day', () => {
    const hours = Array.from({ length: 96 }, (_, quarter) => quarter / 4);
    const sum = hours.reduce((total, hour) => total + dailyFactor(hour, { swing: 0.8, peakHour: 20 }), 0);
    expect(sum / hours.length).toBeCloseTo(1);
  });
});
