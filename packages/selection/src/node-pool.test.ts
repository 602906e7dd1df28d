import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawsOf, sharesOf, uniformDraws } from './draws.fixture.ts';
import type { Drawable, DrawRules } from './member-list.ts';
import { createNodePool, drawNode, membersOffering } from './node-pool.ts';

const member = (id: string, capacityMbps: number, failureDomain = id, transportBits = 1) => ({
  id,
  node: { capacityMbps, failureDomain, transportBits },
});
type Member = ReturnType<typeof member>;

const everyone: DrawRules<never> = { transportBits: 1, barred: [], barredDomains: [] };
/** Rules that allow only members that match the predicate. */
const only = <T extends Drawable>(members: readonly T[], isAllowed: (member: T) => boolean): DrawRules<T> => ({
  ...everyone,
  barred: members.filter((each) => !isAllowed(each)),
});
const capacityMbps = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const anyPoint = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a pool counts the failure domains of its members', () => {
  expect(createNodePool([]).failureDomains).toBe(0);
  expect(createNodePool([member('a', 1, 'x'), member('b', 1, 'y'), member('c', 1, 'x')]).failureDomains).toBe(2);
});

describe('drawing a node', () => {
  test('finds no node in an empty pool or when no node is allowed', () => {
    expect(drawNode(createNodePool<Member>([]), everyone, () => 0.5)).toBeUndefined();
    const members = [member('a', 100)];
    const nobody = only(members, () => false);
    expect(drawNode(createNodePool(members), nobody, () => 0.5)).toBeUndefined();
  });

  test.each([
    ['at 0', 0, 'small'],
    ['just before the end of the first', 0.0999, 'small'],
    ['at the end of the first', 0.1, 'middle'],
    ['just before the end of the second', 0.3999, 'middle'],
    ['at the end of the second', 0.4, 'large'],
    ['just before 1', 1 - 2 ** -53, 'large'],
  ])('takes the member whose capacity range contains the point: %s', (_, point, id) => {
    const pool = createNodePool([member('small', 100), member('middle', 300), member('large', 600)]);
    expect(drawNode(pool, everyone, drawsOf(point))?.id).toBe(id);
  });

  test('keeps the proportions of the allowed members', () => {
    const members = [member('small', 100), member('off', 9000), member('large', 300)];
    const pool = createNodePool(members);
    const rules = only(members, ({ id }) => id !== 'off');
    const random = uniformDraws(1);
    const shares = sharesOf(20_000, () => drawNode(pool, rules, random)?.id);
    expect(shares).toEqual({ small: expect.closeTo(0.25, 1), large: expect.closeTo(0.75, 1) });
    expect(Math.abs((shares['small'] ?? 0) - 0.25)).toBeLessThan(0.01);
  });

  test('finds the only allowed node of a thousand for every point', () => {
    const members = Array.from({ length: 1000 }, (_, index) => member(`n${index}`, 100, 'a', index === 999 ? 3 : 1));
    const last = only(members, ({ id }) => id === 'n999');
    expect(drawNode(createNodePool(members), last, drawsOf(0))?.id).toBe('n999');
    expect(drawNode(createNodePool(members), { ...everyone, transportBits: 2 }, drawsOf(0))?.id).toBe('n999');
  });

  test('finds an allowed node for every point if there is one, and never a forbidden node', () => {
    const members = fc.array(
      fc.record({
        node: fc.record({
          capacityMbps,
          failureDomain: fc.constantFrom('a', 'b'),
          transportBits: fc.constantFrom(1, 2, 3),
        }),
        isAllowed: fc.boolean(),
      }),
      {
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(members, fc.array(anyPoint, { minLength: 1, maxLength: 12 }), (all, points) => {
        const rules = { ...only(all, ({ isAllowed }) => isAllowed), transportBits: 2, barredDomains: ['b'] };
        const allowed = all.filter(
          ({ isAllowed, node }) => isAllowed && node.transportBits !== 1 && node.failureDomain === 'a',
        );
        const drawn = drawNode(createNodePool(all), rules, drawsOf(...points));
        expect(allowed.length === 0 ? [undefined] : allowed).toContain(drawn);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the members of a pool that offer a transport', () => {
  const members = [member('udp', 1, 'a', 1), member('both', 1, 'b', 3), member('tls', 1, 'c', 4)];

  test.each([
    [1, ['udp', 'both']],
    [2, ['both']],
    [6, ['both', 'tls']],
    [7, ['udp', 'both', 'tls']],
    [8, undefined],
  ])('are for bits %i: %s', (bits, ids) => {
    const pool = createNodePool(members);
    for (let times = 0; times < 2; times += 1) {
      expect(membersOffering(pool, bits)?.members.map(({ id }) => id)).toEqual(ids);
    }
  });
});
