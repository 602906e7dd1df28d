import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawsOf, sharesOf, uniformDraws } from './draws.fixture.ts';
import type { Drawable } from './member-list.ts';
import { createNodePool } from './node-pool.ts';
import { pickNode, pickNodes } from './pick-nodes.ts';

type Member = {
  readonly id: string;
  readonly load: number;
  readonly node: Drawable['node'];
};

const member = (id: string, capacityMbps: number, load = 0, failureDomain = id): Member => ({
  id,
  load,
  node: { capacityMbps, failureDomain, transportBits: 1 },
});
const everyone = { transportBits: 1, excluded: [] };
const anyDraw = { transportBits: 1, barred: [], barredDomains: [] };
const loadOf = ({ load }: Member) => load;

/** Shares of the picks by node; this number of picks gives an error below 0.01. */
function picks(
  members: readonly Member[],
  isAllowed: (member: Member) => boolean = () => true,
): Record<string, number> {
  const pool = createNodePool(members);
  const rules = { ...anyDraw, barred: members.filter((each) => !isAllowed(each)) };
  const random = uniformDraws(7);
  return sharesOf(20_000, () => pickNode(pool, rules, loadOf, random)?.id);
}

const pickIds = (members: readonly Member[], count: number, seed = 3) =>
  pickNodes(createNodePool(members), count, everyone, loadOf, uniformDraws(seed)).map(({ id }) => id);

describe('picking one node', () => {
  test('finds no node in an empty pool or when no node is allowed', () => {
    expect(pickNode(createNodePool<Member>([]), anyDraw, loadOf, () => 0.5)).toBeUndefined();
    expect(picks([member('a', 100), member('b', 100)], () => false)).toEqual({ none: expect.closeTo(1, 9) });
  });

  test('takes the only node or the only allowed node at any load', () => {
    expect(picks([member('full', 100, 5)])).toEqual({ full: expect.closeTo(1, 9) });
    const only = picks([member('full', 100, 5), member('off', 900)], ({ id }) => id !== 'off');
    expect(only).toEqual({ full: expect.closeTo(1, 9) });
  });

  test('never takes the more loaded of two nodes', () => {
    expect(picks([member('idle', 100, 0.1), member('busy', 900, 0.9)])).toEqual({ idle: expect.closeTo(1, 9) });
  });

  test.each<[string, Member[], Record<string, number>]>([
    [
      'in proportion to capacity if equally loaded',
      [member('small', 100), member('large', 300)],
      { small: 1 / 4, large: 3 / 4 },
    ],
    [
      'all but the fullest of three',
      [member('a', 100, 0.1), member('b', 100, 0.5), member('c', 100, 0.9)],
      { a: 2 / 3, b: 1 / 3 },
    ],
    [
      'the least loaded of ten with at most twice its share',
      Array.from({ length: 10 }, (_, index) => member(`n${index}`, 100, index === 0 ? 0 : 1)),
      Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`n${index}`, index === 0 ? 2 / 10 : 8 / 90])),
    ],
  ])('takes %s', (_, members, expected) => {
    const shares = picks(members);
    expect(Object.keys(shares).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [id, share] of Object.entries(expected)) expect(Math.abs((shares[id] ?? 0) - share)).toBeLessThan(0.01);
  });

  test('takes the first of two equally loaded nodes', () => {
    const pool = createNodePool([member('a', 100), member('b', 100)]);
    expect(pickNode(pool, anyDraw, loadOf, drawsOf(0.2, 0.8))?.id).toBe('a');
    expect(pickNode(pool, anyDraw, loadOf, drawsOf(0.8, 0.2))?.id).toBe('b');
  });
});

describe('picking several nodes', () => {
  test('takes each node once, and all nodes when the count is larger', () => {
    const members = [member('a', 100), member('b', 900), member('c', 10)];
    expect(pickIds(members, 4).toSorted()).toEqual(['a', 'b', 'c']);
    expect(pickIds([], 4)).toEqual([]);
  });

  test('takes the less loaded node first', () => {
    expect(pickIds([member('busy', 100, 0.9), member('idle', 100, 0.1)], 2)).toEqual(['idle', 'busy']);
  });

  test('takes nodes from different failure domains even if they are fuller', () => {
    const members = [
      member('a1', 1000, 0, 'zone a'),
      member('a2', 1000, 0, 'zone a'),
      member('a3', 1000, 0, 'zone a'),
      member('b1', 10, 0.9, 'zone b'),
      member('c1', 10, 0.9, 'zone c'),
    ];
    for (let seed = 0; seed < 50; seed += 1) {
      const domains = pickIds(members, 3, seed).map((id) => id.slice(0, 1));
      expect(domains.toSorted()).toEqual(['a', 'b', 'c']);
    }
  });

  test('takes a second node of a domain when no other domain is left', () => {
    const members = [member('a1', 100, 0, 'a'), member('a2', 100, 0, 'a'), member('b1', 100, 0, 'b')];
    for (let seed = 0; seed < 50; seed += 1) {
      const ids = pickIds(members, 3, seed);
      expect(ids.toSorted()).toEqual(['a1', 'a2', 'b1']);
      expect(ids.slice(0, 2)).toContain('b1');
    }
  });

  test('takes only allowed nodes, each at most once, as many as possible, from as many domains as possible', () => {
    const anyMembers = fc.array(
      fc.record({
        load: fc.double({ min: 0, max: 2, noNaN: true }),
        isAllowed: fc.boolean(),
        node: fc.record({
          capacityMbps: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
          failureDomain: fc.constantFrom('a', 'b', 'c'),
          transportBits: fc.constant(1),
        }),
      }),
      { maxLength: 12 },
    );
    const anyPoints = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(anyMembers, fc.integer({ min: 1, max: 6 }), anyPoints, (members, count, points) => {
        const picked = pickNodes(
          createNodePool(members),
          count,
          { transportBits: 1, excluded: members.filter(({ isAllowed }) => !isAllowed) },
          ({ load }) => load,
          drawsOf(...points),
        );
        const allowed = members.filter(({ isAllowed }) => isAllowed);
        expect(picked).toHaveLength(Math.min(count, allowed.length));
        expect(new Set(picked).size).toBe(picked.length);
        expect(picked.every(({ isAllowed }) => isAllowed)).toBe(true);
        expect(domainsOf(picked)).toBe(Math.min(count, domainsOf(allowed)));
      }),
      { numRuns: 1000 },
    );
  });
});

function domainsOf(members: readonly { readonly node: { readonly failureDomain: string } }[]): number {
  return new Set(members.map(({ node }) => node.failureDomain)).size;
}
