import { describe, expect, test } from '@jest/globals';
import { drawsOf, sharesOf } from './draws.fixture.ts';
import { policyWith } from './fleet.fixture.ts';
import type { RegionView } from './relay-fleet.ts';
import { climbLadder } from './ladder.ts';

type World = {
  /** Loads of the regions that have a node for the caller. */
  readonly loads: Readonly<Record<string, number>>;
  readonly capacitiesMbps?: Readonly<Record<string, number>>;
  /** Spill shares of `home`. */
  readonly shares?: Readonly<Record<string, number>>;
};

const policy = policyWith({ spillover: { start: 0.75, full: 0.95 } });

/** The caller's home is `home`. */
function climbIn({ loads, capacitiesMbps = {}, shares = {} }: World, targets: readonly string[], random: () => number) {
  const spills = Object.entries(shares).map(([to, share]) => ({ from: 'home', to, share }));
  const regionFor = (region: string): RegionView | undefined => {
    const load = loads[region];
    const capacityMbps = capacitiesMbps[region] ?? 1000;
    return load === undefined
      ? undefined
      : { region, pool: undefined, load, capacityMbps, spills: region === 'home' ? spills : [] };
  };
  const chosen = climbLadder({
    placement: { natural: 'home', home: 'home', allowed: 'all', rung: 'nearest' },
    requireRegion: undefined,
    wantedRegion: 'home',
    wanted: regionFor('home'),
    isPreferred: false,
    targets: targets.flatMap((target) => regionFor(target) ?? []),
    regionFor,
    staticNodesQuestion: undefined,
    policy,
    random,
  });
  return 'code' in chosen ? undefined : { region: chosen.region, reason: chosen.reason };
}

/** Returns the region for a call of `home` with the targets `near` and `far`, in this order. */
function choose(world: World, point = 0.5) {
  return climbIn(world, ['near', 'far'], drawsOf(point));
}

/** Shares of home's calls by region. */
function partsOf(world: World): Record<string, number> {
  let next = 0;
  return sharesOf(1000, () => choose(world, (next++ + 0.5) / 1000)?.region);
}

function neverDrawn(): number {
  throw new Error('a draw');
}

describe('a call of a region with room', () => {
  test('stays home when nothing spills, without a random number', () => {
    const world = { loads: { home: 0.7, near: 0 } };
    expect(climbIn(world, ['near'], neverDrawn)).toEqual({ region: 'home', reason: 'home' });
  });

  test.each([
    ['at 0: the first target', 0, { region: 'near', reason: 'spill' }],
    ['just below the first share: the first target', 0.2999, { region: 'near', reason: 'spill' }],
    ['at the first share: the second target', 0.3, { region: 'far', reason: 'spill' }],
    ['just below both shares: the second target', 0.4999, { region: 'far', reason: 'spill' }],
    ['at both shares: home', 0.5, { region: 'home', reason: 'home' }],
    ['just below 1: home', 1 - 2 ** -53, { region: 'home', reason: 'home' }],
  ])('spills by the shares, random point %s', (_, point, choice) => {
    const world = { loads: { home: 0.85, near: 0.1, far: 0.1 }, shares: { near: 0.3, far: 0.2 } };
    expect(choose(world, point)).toEqual(choice);
  });

  test('stays home when the picked target has no node for the caller', () => {
    const world = { loads: { home: 0.85, far: 0.1 }, shares: { near: 0.3, far: 0.2 } };
    expect(choose(world, 0.1)).toEqual({ region: 'home', reason: 'home' });
    expect(choose(world, 0.4)).toEqual({ region: 'far', reason: 'spill' });
  });

  test('stays home when the picked target is not allowed', () => {
    const world = { loads: { home: 0.85, near: 0.1 }, shares: { near: 1 } };
    expect(climbIn(world, [], drawsOf(0))).toEqual({ region: 'home', reason: 'home' });
  });
});

describe('a call of a region without a node for it', () => {
  test.each([
    ['to the first target while its load is well below the threshold', 0.65, 0, 1, 0],
    ['half to the first target when its load is near the threshold', 0.7, 0, 0.5, 0.5],
    ['to the next target when the first target is at the threshold', 0.75, 0, 0, 1],
    [
      'by the same rule to the next target, and the rest by headroom',
      0.75,
      0.7,
      0.5 * (0.2 / 0.45),
      1 - 0.5 * (0.2 / 0.45),
    ],
  ])('goes %s', (_, near, far, toNear, toFar) => {
    const parts = partsOf({ loads: { near, far } });
    expect(parts['near'] ?? 0).toBeCloseTo(toNear, 2);
    expect(parts['far'] ?? 0).toBeCloseTo(toFar, 2);
  });

  test('goes to targets above the threshold in proportion to their headroom', () => {
    // 0.15 of 1000 and 0.05 of 9000 Mbit/s.
    const world = { loads: { near: 0.8, far: 0.9 }, capacitiesMbps: { far: 9000 } };
    expect(partsOf(world)).toEqual({ near: expect.closeTo(0.25, 2), far: expect.closeTo(0.75, 2) });
    expect(choose(world)).toEqual({ region: 'far', reason: 'outage' });
  });

  test.each([
    ['above full', 1.2],
    ['at full', 0.95],
  ])('never goes to a target %s while another target has free capacity', (_, load) => {
    expect(partsOf({ loads: { near: load, far: 0.9 } })).toEqual({ far: expect.closeTo(1, 9) });
  });

  test('goes to the only target that has a node for it', () => {
    expect(partsOf({ loads: { far: 0.94 } })).toEqual({ far: expect.closeTo(1, 9) });
  });

  test('finds a target for the highest point in spite of rounding', () => {
    const world = { loads: { near: 0.75, far: 0.77 }, capacitiesMbps: { far: 3000 } };
    expect(choose(world, 1 - 2 ** -53)).toEqual({ region: 'far', reason: 'outage' });
  });

  test('is refused when no target has a node either', () => {
    expect(choose({ loads: {} })).toBeUndefined();
    expect(choose({ loads: { elsewhere: 0 } })).toBeUndefined();
  });
});

describe('a call when every possible region is full', () => {
  test.each([
    ['home, although a target is less full', { home: 1.4, near: 0.95, far: 1 }, 'home'],
    ['home, if it has no targets', { home: 0.95 }, 'home'],
    ['the least full target, if home has no node', { near: 1.1, far: 1 }, 'far'],
    ['the first of two equally full targets', { near: 1, far: 1 }, 'near'],
  ])('goes to %s', (_, loads, region) => {
    expect(choose({ loads, shares: { near: 1 } }, 0)).toEqual({ region, reason: 'overload' });
  });

  test('is not an overload while one of the regions is below full', () => {
    expect(choose({ loads: { home: 1.4, near: 0.9499, far: 1 } })).toEqual({ region: 'home', reason: 'home' });
    expect(choose({ loads: { home: 0.9499, near: 1, far: 1 } })).toEqual({ region: 'home', reason: 'home' });
  });
});
