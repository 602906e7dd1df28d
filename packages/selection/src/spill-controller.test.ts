import { describe, expect, test } from '@jest/globals';
import type { Policy } from '@turn-router/contract/policy';
import { policy, policyWith } from './fleet.fixture.ts';
import { createSpillController } from './spill-controller.ts';
import { loadsOf, sharesByEdge } from './spill-shares.fixture.ts';

/** The shares after each observation; observations are 5 s apart. */
function sharesAfter(observations: readonly Readonly<Record<string, number>>[], read: Policy = policy) {
  const controller = createSpillController();
  return observations.map((byRegion, index) => {
    controller.advance(loadsOf(byRegion), read, index * 5000);
    return sharesByEdge(controller);
  });
}

const close = (share: number): unknown => expect.closeTo(share, 9);

describe('the shares after the first observation', () => {
  test.each<[string, Record<string, number>, Record<string, number>]>([
    ['nothing at the start', { virginia: 0.75, oregon: 0 }, {}],
    ['a small share just past the start', { virginia: 0.76, oregon: 0 }, { 'virginia>oregon': 0.05 }],
    ['half between start and full', { virginia: 0.85, oregon: 0 }, { 'virginia>oregon': 0.5 }],
    [
      'to the first target up to its maximum share, then to the second target',
      { frankfurt: 0.9, virginia: 0.1, oregon: 0.1 },
      { 'frankfurt>virginia': 0.5, 'frankfurt>oregon': 0.25 },
    ],
    [
      'to the first target up to its headroom, then to the second target',
      { virginia: 0.9, oregon: 0.48, frankfurt: 0 },
      { 'virginia>oregon': 0.3, 'virginia>frankfurt': 0.45 },
    ],
    [
      'all to the first target if it has enough headroom',
      { virginia: 0.9, oregon: 0, frankfurt: 0 },
      { 'virginia>oregon': 0.75 },
    ],
    ['nothing to a target at its start', { virginia: 0.9, oregon: 0.75, frankfurt: 0 }, { 'virginia>frankfurt': 0.75 }],
    ['nothing to a target above its threshold', { virginia: 0.9, oregon: 0.9, frankfurt: 0.8 }, {}],
    ['nothing to a target without nodes', { virginia: 0.9, frankfurt: 0 }, { 'virginia>frankfurt': 0.75 }],
    ['nothing without targets', { island: 1.5, virginia: 0 }, {}],
    ['nothing without regions', {}, {}],
  ])('is %s', (_, byRegion, shares) => {
    const close9 = Object.fromEntries(Object.entries(shares).map(([edge, share]) => [edge, close(share)]));
    expect(sharesAfter([byRegion])).toEqual([close9]);
  });

  test('list each region’s targets in the policy’s order', () => {
    const controller = createSpillController();
    controller.advance(loadsOf({ frankfurt: 0.9, virginia: 0.1, oregon: 0.1 }), policy, 0);
    expect(controller.edgesFrom('frankfurt').map(({ from, to, share }) => [from, to, share])).toEqual([
      ['frankfurt', 'virginia', close(0.5)],
      ['frankfurt', 'oregon', close(0.25)],
    ]);
    expect(controller.edgesFrom('virginia')).toEqual([]);
    expect(controller.edgesFrom('atlantis')).toEqual([]);
  });

  test('depend on the capacities of the regions', () => {
    const controller = createSpillController();
    const small = new Map([
      ...loadsOf({ virginia: 1 }),
      ['oregon', { load: 0.5, capacityMbps: 400, meanCallMs: 60_000 }],
    ]);
    controller.advance(small, policy, 0);
    expect(sharesByEdge(controller)).toEqual({ 'virginia>oregon': close(0.1) });
  });
});

describe('the shares after later observations', () => {
  const calm = { virginia: 0.5, oregon: 0.2 };
  const full = { virginia: 0.95, oregon: 0.2 };

  test('grow and fall by 10 points in 5 s', () => {
    expect(sharesAfter([calm, full, full, calm, calm, calm])).toEqual(
      [0, 0.1, 0.2, 0.1, 0, 0].map((share) => (share === 0 ? {} : { 'virginia>oregon': close(share) })),
    );
  });

  test('fall no faster when the target fills up', () => {
    const filled = { virginia: 0.95, oregon: 1.3 };
    expect(sharesAfter([{ virginia: 0.8, oregon: 0.2 }, filled, filled, filled])).toEqual(
      [0.25, 0.15, 0.05, 0].map((share) => (share === 0 ? {} : { 'virginia>oregon': close(share) })),
    );
  });

  test('do not grow faster with more frequent observations', () => {
    const controller = createSpillController();
    controller.advance(loadsOf(calm), policy, 0);
    for (let nowMs = 100; nowMs <= 5000; nowMs += 100) controller.advance(loadsOf(full), policy, nowMs);
    expect(sharesByEdge(controller)).toEqual({ 'virginia>oregon': close(0.1) });
    controller.advance(loadsOf(full), policy, 5000);
    expect(sharesByEdge(controller)).toEqual({ 'virginia>oregon': close(0.1) });
  });

  test('drop to 0 at once when the target has no nodes, and restart from 0 when it has nodes again', () => {
    const gone = { virginia: 0.95 };
    expect(sharesAfter([full, gone, full])).toEqual([
      { 'virginia>oregon': close(0.55 / 0.95) },
      {},
      { 'virginia>oregon': close(0.1) },
    ]);
  });

  test('drop to 0 at once when the policy removes the target', () => {
    const controller = createSpillController();
    controller.advance(loadsOf(full), policy, 0);
    const alone = policyWith({ regions: { virginia: { location: [0, 0] }, oregon: { location: [0, 0] } } });
    controller.advance(loadsOf(full), alone, 1000);
    expect(sharesByEdge(controller)).toEqual({});
  });

  test('stay 0 towards a region until that region no longer spills back', () => {
    const turned = { virginia: 0.3, oregon: 0.95 };
    const edges = sharesAfter([
      { virginia: 0.84, oregon: 0.3 },
      turned,
      turned,
      turned,
      turned,
      turned,
      turned,
      turned,
    ]);
    const ways = edges.map((shares) => Object.keys(shares).join(' and '));
    const there = 'virginia>oregon';
    expect(ways).toEqual([there, there, there, there, there, '', 'oregon>virginia', 'oregon>virginia']);
  });

  test('never go in both directions when two regions that carry calls of each other fill up together', () => {
    const mutual = policyWith({
      regions: {
        virginia: { location: [0, 0], spillover: ['oregon'] },
        oregon: { location: [0, 0], spillover: ['virginia'] },
      },
    });
    const phases: [times: number, byRegion: Record<string, number>][] = [
      [12, { virginia: 0.9, oregon: 0.1 }],
      [8, { virginia: 0.1, oregon: 0.1 }],
      [6, { virginia: 0.1, oregon: 0.9 }],
      [8, { virginia: 0.1, oregon: 0.1 }],
      [8, { virginia: 0.77, oregon: 0.77 }],
    ];
    const observations = phases.flatMap(([times, byRegion]) => Array<typeof byRegion>(times).fill(byRegion));
    const ways = sharesAfter(observations, mutual).map((shares) => Object.keys(shares).length);
    expect(Math.max(...ways)).toBe(1);
  });

  test('sum to at most 1 while the first target fills up and two others start', () => {
    const read = policyWith({
      regions: {
        virginia: { location: [0, 0], spillover: ['oregon', 'frankfurt', 'island'] },
        oregon: { location: [0, 0] },
        frankfurt: { location: [0, 0] },
        island: { location: [0, 0] },
      },
    });
    const before = { virginia: 0.95, oregon: 0, frankfurt: 0.3, island: 0.3 };
    const after = { virginia: 1.2, oregon: 1.2, frankfurt: 0.3, island: 0.3 };
    const sent = sharesAfter([before, after, after, after, after, after], read).map((shares) =>
      Object.values(shares).reduce((sum, share) => sum + share, 0),
    );
    expect(Math.max(...sent)).toBeLessThanOrEqual(1 + 1e-9);
  });

  test('start at full size with the first nodes after an empty registry', () => {
    expect(sharesAfter([{}, full])).toEqual([{}, { 'virginia>oregon': close(0.55 / 0.95) }]);
  });
});
