import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemberList, drawAmongRest } from './member-list.ts';

const member = (capacityMbps: number, failureDomain: string) => ({
  node: { capacityMbps, failureDomain, transportBits: 1 },
});

describe('drawing among the members that are not barred', () => {
  const list = createMemberList([member(100, 'a'), member(900, 'b'), member(300, 'a'), member(600, 'c')]);
  const [first, second, third, fourth] = list.members;

  test.each([
    ['nothing barred, at 0', [], [], 0, first],
    ['without a member, at its range: the next one', [second], [], 0.1, third],
    ['without a member, just before the last range', [second], [], 0.3999, third],
    ['without a member, at the last range', [second], [], 0.4, fourth],
    ['without a domain', [], ['a'], 0.5999, second],
    ['without a domain, at the last range', [], ['a'], 0.6, fourth],
    ['without a domain and a member of it', [first], ['a'], 0.5999, second],
    ['without a domain and a member of another domain', [fourth], ['a'], 0.9999, second],
    ['without an unknown domain', [], ['z'], 0.9999, fourth],
    ['without a member that is not in the list', [member(1, 'b')], [], 0.9999, fourth],
    ['everything barred', [second, fourth], ['a'], 0.5, undefined],
  ])('%s', (_, barred, barredDomains, point, expected) => {
    const present = barred.flatMap((each) => each ?? []);
    expect(drawAmongRest(list, { transportBits: 1, barred: present, barredDomains }, point)).toBe(expected);
  });

  test('finds the same member as a scan of the allowed capacities', () => {
    const anyMember = fc.record({
      isBarred: fc.boolean(),
      node: fc.record({
        // Integers, so that sums are exact.
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

  test('finds an allowed member in spite of rounding', () => {
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
