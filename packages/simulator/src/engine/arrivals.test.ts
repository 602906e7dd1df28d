import { describe, expect, test } from '@jest/globals';
import { createArrivals, type ArrivalRates } from './arrivals.ts';
import type { SimulatedCallers } from './callers.ts';
import { createRandomStreams } from './random-streams.ts';
import { runUntil } from './run-until.ts';

const untilSecond = 4000;
const callersFrom = (homeRegion: string, demandMbpsAt: SimulatedCallers['demandMbpsAt']): SimulatedCallers => ({
  placed: { homeRegion },
  demandMbpsAt,
  addedKmByRegion: undefined,
});
const rates = (changes: Partial<ArrivalRates> = {}): ArrivalRates => ({
  perMbps: 1,
  factorAt: () => 1,
  jumpSeconds: [],
  untilSecond,
  ...changes,
});

function arrivalsOf(callers: readonly SimulatedCallers[], changes: Partial<ArrivalRates> = {}, seed = 1) {
  const seen: { region: string; atSecond: number }[] = [];
  const arrive = ({ placed }: SimulatedCallers, atSecond: number) => seen.push({ region: placed.homeRegion, atSecond });
  runUntil(untilSecond, [createArrivals(callers, rates(changes), createRandomStreams(seed).arrivals, arrive)]);
  return seen;
}

const isHigh = (second: number) => second >= 1000 && second < 2000;

describe('arrivals', () => {
  test('come at the rate of the total demand, and from each group of callers in proportion to its demand', () => {
    const seen = arrivalsOf([callersFrom('few', () => 2), callersFrom('none', () => 0), callersFrom('many', () => 6)]);
    const from = (region: string) => seen.filter((arrival) => arrival.region === region).length / untilSecond;
    // Within four standard deviations of a Poisson count.
    expect(Math.abs(from('few') - 2)).toBeLessThan(4 * Math.sqrt(2 / untilSecond));
    expect(Math.abs(from('many') - 6)).toBeLessThan(4 * Math.sqrt(6 / untilSecond));
    expect(from('none')).toBe(0);
  });

  test('vary like a Poisson process: the variance of counts equals their mean', () => {
    const seen = arrivalsOf([callersFrom('home', () => 5)]);
    const counts = Array.from({ length: untilSecond }, () => 0);
    for (const { atSecond } of seen) counts[Math.floor(atSecond)] = (counts[Math.floor(atSecond)] ?? 0) + 1;
    const mean = seen.length / untilSecond;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / untilSecond;
    expect(variance / mean).toBeGreaterThan(0.9);
    expect(variance / mean).toBeLessThan(1.1);
  });

  test('follow a sudden change in demand at once', () => {
    const seen = arrivalsOf([callersFrom('home', (second) => (second < 1234.5 ? 0 : 50))], { jumpSeconds: [1234.5] });
    const [first] = seen;
    expect(first?.atSecond).toBeGreaterThanOrEqual(1234.5);
    expect(first?.atSecond).toBeLessThan(1235.5);
  });

  test('follow the current factor on the demand', () => {
    const seen = arrivalsOf([callersFrom('home', () => 5)], {
      factorAt: (second) => (isHigh(second) ? 3 : 1),
      jumpSeconds: [1000, 2000],
    });
    const high = seen.filter(({ atSecond }) => isHigh(atSecond)).length / 1000;
    const low = seen.filter(({ atSecond }) => !isHigh(atSecond)).length / 3000;
    expect(high / low).toBeGreaterThan(2.8);
    expect(high / low).toBeLessThan(3.2);
  });

  test('never come without demand', () => {
    expect(arrivalsOf([callersFrom('home', () => 0)])).toEqual([]);
  });

  test('are the same for the same seed, and different for another seed', () => {
    const callers = [callersFrom('home', () => 1)];
    expect(arrivalsOf(callers, {}, 7)).toEqual(arrivalsOf(callers, {}, 7));
    expect(arrivalsOf(callers, {}, 7)[0]).not.toEqual(arrivalsOf(callers, {}, 8)[0]);
  });
});
