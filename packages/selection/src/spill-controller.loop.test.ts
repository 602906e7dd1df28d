import { describe, expect, test } from '@jest/globals';
import { policy } from './fleet.fixture.ts';
import { createSpillController } from './spill-controller.ts';
import { loadsOf, sharesByEdge } from './spill-shares.fixture.ts';

/** Mean call length: 90 s. */
const left = Math.exp(-1 / 90);

/**
 * Simulates two idle regions as a fluid for half an hour in steps of 1 s. A region keeps the work that has not ended and gets new work by the
 * shares. Reports come every 5 s. The results cover the last ten minutes; `homePeak` covers the whole time.
 *
 * @param homeWants demand of Virginia's callers, as a factor of Virginia's capacity
 * @param neighbourWants demand of Oregon's callers, as a factor of Oregon's capacity
 * @param restartAtSecond second at which all routers restart
 */
function run(homeWants: number, neighbourWants: number, restartAtSecond = Number.POSITIVE_INFINITY) {
  let controller = createSpillController();
  const last = { shares: [] as number[], home: [] as number[], neighbour: [] as number[] };
  let [home, neighbour, homePeak] = [0, 0, 0];
  let reported = loadsOf({ virginia: home, oregon: neighbour });
  for (let second = 0; second < 1800; second += 1) {
    if (second === restartAtSecond) controller = createSpillController();
    if (second % 5 === 0) reported = loadsOf({ virginia: home, oregon: neighbour });
    controller.advance(reported, policy, second * 1000);
    const { 'virginia>oregon': share = 0, 'oregon>virginia': back = 0 } = sharesByEdge(controller);
    home = home * left + (homeWants * (1 - share) + neighbourWants * back) * (1 - left);
    neighbour = neighbour * left + (neighbourWants * (1 - back) + homeWants * share) * (1 - left);
    homePeak = Math.max(homePeak, home);
    if (second < 1200) continue;
    last.shares.push(share - back);
    last.home.push(home);
    last.neighbour.push(neighbour);
  }
  return { last, homePeak };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

describe('two regions of equal size with a steady demand', () => {
  test.each([
    ['1.2 and 0.4: what the neighbour has room for', 1.2, 0.4, 0.35 / 1.2, 0.85, 0.75],
    ['1.2 and 0.1: where demand meets the ramp', 1.2, 0.1, 0.45 / 1.4, 1.2 * (0.95 / 1.4), 0.1 + 1.2 * (0.45 / 1.4)],
    ['0.7 and 0.4: nothing', 0.7, 0.4, 0, 0.7, 0.4],
    ['1.1 each: nothing', 1.1, 1.1, 0, 1.1, 1.1],
    ['0.4 and 1.2: the same the other way', 0.4, 1.2, -0.35 / 1.2, 0.75, 0.85],
  ])('settle at %s', (_, homeWants, neighbourWants, share, home, neighbour) => {
    const { last } = run(homeWants, neighbourWants);
    expect(Math.abs(mean(last.shares) - share)).toBeLessThan(0.01);
    expect(Math.abs(mean(last.home) - home)).toBeLessThan(0.01);
    expect(Math.abs(mean(last.neighbour) - neighbour)).toBeLessThan(0.01);
    expect(spread(last.shares)).toBeLessThan(0.02);
  });

  test('stay below 90 % at home while the shares settle', () => {
    expect(run(1.2, 0.4).homePeak).toBeLessThanOrEqual(0.9);
  });

  test('stay below their capacity at home when all routers restart during the peak', () => {
    expect(run(1.2, 0.4, 1000).homePeak).toBeLessThanOrEqual(1);
  });
});
