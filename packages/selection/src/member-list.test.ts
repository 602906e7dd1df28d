import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemberList, drawAmongRest } from './member-list.ts';

const member = (capacityMbps: number, failureDomain: string) => ({
  node: { capacityMbps, failureDomain, transportBits: 1 },
});

describe('drawing among the rest of a list', () => {
  const list = createMemberList([member(100, 'a'), member(900, 'b'), member(300, 'a'), member(600, 'c')]);
  const [first, second, third, fourth] = list.members;

  test.each([
    ['all of it at 0', [], [], 0, first],
    ['without a member, on its stretch: the next one', [second], [], 0.1, third],
    ['without a member, just before the last stretch', [second], [], 0.3999, third],
    ['without a member, on the last stretch', [second], [], 0.4, fourth],
    ['without a domain', [], ['a'], 0.5999, second],
    ['without a domain, on the last stretch', [], ['a'], 0.6, fourth],
    ['without a domain and a member of it', [first], ['a'], 0.5999, second],
    ['without a domain and a member of another', [fourth], ['a'], 0.9999, second],
    ['without a domain that has no member', [], ['z'], 0.9999, fourth],
    ['without a member that is not in it', [member(1, 'b')], [], 0.9999, fourth],
    ['of which nothing is left', [second, fourth], ['a'], 0.5, undefined],
  ])('%s', (_, barred, barredDomains, point, expected) => {
    const present = barred.flatMap((each) => each ?? []);
    expect(drawAmongRest(list, { transportBits: 1, barred: present, barredDomains }, point)).toBe(expected);
  });

  test('finds whom a walk along the allowed capacities finds, whatever is barred', () => {
    const anyMember = fc.record({
      isBarred: fc.boolean(),
      node: fc.record({
        // Whole numbers, whose sums do not round.
        capacityMbps: fc.integer({ min: 1, max: 1000 }),
        failureDomain: fc.constantFrom('a', 'b', 'c', 'd'),
        transportBits: fc.constant(1),
      }),
    });
    const anyDomains = fc.subarray(['a', 'b', 'c']);
    const anyPoints = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(anyMember, { maxLength: 40 }), anyDomains, anyPoints, (members, barredDomains, points) => {
        const of = createMemberList(members);
        const barred = members.filter(({ isBarred }) => isBarred);
        const allowed = members.filter(
          ({ isBarred, node }) => !isBarred && !barredDomains.includes(node.failureDomain),
        );
        const total = allowed.reduce((sum, { node }) => sum + node.capacityMbps, 0);
        for (const point of points) {
          let left = point * total;
          const walked = allowed.find(({ node }) => (left -= node.capacityMbps) < 0);
          expect(drawAmongRest(of, { transportBits: 1, barred, barredDomains }, point)).toBe(walked);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('finds an allowed one although sums round', () => {
    const anyMembers = fc.array(
      fc.record({
        isBarred: fc.boolean(),
        node: fc.record({
          capacityMbps: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
          failureDomain: fc.constantFrom('a', 'b'),
          transportBits: fc.constant(1),
        }),
      }),
      { maxLength: 40 },
    );
    const anyPoint = fc.oneof(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constant(1 - 2 ** -53));
    fc.assert(
      fc.property(anyMembers, anyPoint, (members, point) => {
        const barred = members.filter(({ isBarred }) => isBarred);
        const drawn = drawAmongRest(
          createMemberList(members),
          { transportBits: 1, barred, barredDomains: ['b'] },
          point,
        );
        const allowed = members.filter(({ isBarred, node }) => !isBarred && node.failureDomain === 'a');
        expect(allowed.length === 0 ? [undefined] : allowed).toContain(drawn);
      }),
      { numRuns: 1000 },
    );
  });
});
