import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawsOf, sharesOf, uniformDraws } from './draws.fixture.ts';
import { createNodePool, drawNode } from './node-pool.ts';

const member = (id: string, capacityMbps: number, failureDomain = id) => ({
  id,
  node: { capacityMbps, failureDomain },
});
const everyone = () => true;
const capacityMbps = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const anyPoint = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a pool knows in how many failure domains its members are', () => {
  expect(createNodePool([]).failureDomains).toBe(0);
  expect(createNodePool([member('a', 1, 'x'), member('b', 1, 'y'), member('c', 1, 'x')]).failureDomains).toBe(2);
});

describe('drawing a node', () => {
  test('finds none in an empty pool, and none when none is allowed', () => {
    expect(drawNode(createNodePool([]), everyone, () => 0.5)).toBeUndefined();
    expect(
      drawNode(
        createNodePool([member('a', 100)]),
        () => false,
        () => 0.5,
      ),
    ).toBeUndefined();
  });

  test.each([
    ['at 0', 0, 'small'],
    ['just before the end of the first', 0.0999, 'small'],
    ['at the end of the first', 0.1, 'middle'],
    ['just before the end of the second', 0.3999, 'middle'],
    ['at the end of the second', 0.4, 'large'],
    ['just before 1', 1 - 2 ** -53, 'large'],
  ])('takes the one on whose stretch of the capacities the point falls: %s', (_, point, id) => {
    const pool = createNodePool([member('small', 100), member('middle', 300), member('large', 600)]);
    expect(drawNode(pool, everyone, drawsOf(point))?.id).toBe(id);
  });

  test('keeps the proportions of those that are allowed', () => {
    const pool = createNodePool([member('small', 100), member('off', 9000), member('large', 300)]);
    const random = uniformDraws(1);
    const shares = sharesOf(20_000, () => drawNode(pool, ({ id }) => id !== 'off', random)?.id);
    expect(shares).toEqual({ small: expect.closeTo(0.25, 1), large: expect.closeTo(0.75, 1) });
    expect(Math.abs((shares['small'] ?? 0) - 0.25)).toBeLessThan(0.01);
  });

  test('finds the only allowed node of a thousand, wherever the points fall', () => {
    const pool = createNodePool(Array.from({ length: 1000 }, (_, index) => member(`n${index}`, 100)));
    expect(drawNode(pool, ({ id }) => id === 'n999', drawsOf(0))?.id).toBe('n999');
  });

  test('finds an allowed node for every point if there is one, and never another', () => {
    const members = fc.array(
      fc.record({ node: fc.record({ capacityMbps, failureDomain: fc.constant('a') }), isAllowed: fc.boolean() }),
      {
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(members, fc.array(anyPoint, { minLength: 1, maxLength: 12 }), (all, points) => {
        const drawn = drawNode(createNodePool(all), ({ isAllowed }) => isAllowed, drawsOf(...points));
        expect(drawn?.isAllowed).toBe(all.some(({ isAllowed }) => isAllowed) ? true : undefined);
      }),
      { numRuns: 1000 },
    );
  });
});
