import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import fc from 'fast-check';
import { confirmingMax, createAssignment, knownProbers } from './assignment.ts';
import { anyFleet, evenFleet, fleetOf } from './fleet.fixture.ts';
import { hashOfPair } from './name-hash.ts';
import { candidatesMax, searchMax } from './prober-ring.ts';

const names = (keys: readonly NodeKey[]) => keys.map(nodeNameFromKey);
const target: NodeKey = { region: 'fra', id: 'fra-0' };

/** The number of probers of the target's own region and of other regions. */
function groupsOf(probers: readonly NodeKey[], { region }: NodeKey) {
  const own = probers.filter((prober) => prober.region === region).length;
  return { own, others: probers.length - own };
}

describe('the probers of a node', () => {
  test.each<[string, Record<string, number>, { own: number; others: number }]>([
    ['two of other regions and one of its own', { fra: 4, iad: 4, sin: 4 }, { own: 1, others: 2 }],
    ['two of the only other region', { fra: 4, iad: 4 }, { own: 1, others: 2 }],
    ['three of other regions if it is alone in its own', { fra: 1, iad: 2, sin: 2 }, { own: 0, others: 3 }],
    ['more of its own region if others have too few', { fra: 4, iad: 1 }, { own: 2, others: 1 }],
    ['three of its own region if there is no other', { fra: 9 }, { own: 3, others: 0 }],
    ['the only one there is', { fra: 1, iad: 1 }, { own: 0, others: 1 }],
    ['nobody, if it is alone in the world', { fra: 1 }, { own: 0, others: 0 }],
  ])('are %s', (_, sizes, expected) => {
    const assigned = createAssignment(fleetOf(sizes)).assigned(target);
    expect(groupsOf(assigned, target)).toEqual(expected);
  });

  test('include a fleet watch, and a watch probes every node if it is the only prober', () => {
    const watch = { region: 'ams', id: 'watch-1' };
    const assignment = createAssignment([watch]);
    expect(assignment.assigned(target)).toEqual([watch]);
    expect(assignment.targetsOf(watch, fleetOf({ fra: 3, ams: 2 })).assigned).toHaveLength(5);
  });

  test('never include the node itself, and are each named once, whatever the fleet', () => {
    fc.assert(
      fc.property(anyFleet, (fleet) => {
        const assignment = createAssignment([...fleet, ...fleet]);
        for (const node of fleet) {
          const confirming = names(assignment.confirming(node));
          expect(confirming).not.toContain(nodeNameFromKey(node));
          expect(new Set(confirming).size).toBe(confirming.length);
          expect(confirming.slice(0, 3)).toEqual(names(assignment.assigned(node)));
        }
      }),
    );
  });

  test('are the same whatever the order of the records', () => {
    const fleet = fleetOf({ fra: 30, iad: 30, sin: 30 });
    const reversed = createAssignment(fleet.toReversed());
    const assignment = createAssignment(fleet);
    for (const node of fleet) expect(reversed.confirming(node)).toEqual(assignment.confirming(node));
  });
});

describe('the confirming probers of a node', () => {
  test.each<[string, Record<string, number>, { own: number; others: number }]>([
    ['fourteen of other regions and one of its own', { fra: 20, iad: 20, sin: 20 }, { own: 1, others: 14 }],
    ['all of the other regions and one of its own', { fra: 6, iad: 6 }, { own: 1, others: 6 }],
    ['fifteen of other regions if it is alone in its own', { fra: 1, iad: 20 }, { own: 0, others: 15 }],
    ['those of its own region if another has only one', { fra: 6, iad: 1 }, { own: 5, others: 1 }],
    ['fifteen of its own region if there is no other', { fra: 30 }, { own: 15, others: 0 }],
  ])('are %s', (_, sizes, expected) => {
    expect(groupsOf(createAssignment(fleetOf(sizes)).confirming(target), target)).toEqual(expected);
  });
});

describe('what one prober does', () => {
  test('is exactly what the assignments of all nodes say, whatever the fleet', () => {
    fc.assert(
      fc.property(anyFleet, ([prober, ...others]) => {
        if (prober === undefined) return;
        const fleet = [prober, ...others];
        const assignment = createAssignment(fleet);
        const isProber = (keys: readonly NodeKey[]) => names(keys).includes(nodeNameFromKey(prober));
        const { assigned, confirming } = assignment.targetsOf(prober, fleet);
        expect(assigned).toEqual(fleet.filter((node) => isProber(assignment.assigned(node))));
        expect(confirming).toEqual(
          fleet
            .filter((node) => isProber(assignment.confirming(node)) && !isProber(assignment.assigned(node)))
            .map((node) => ({ target: node, assigned: assignment.assigned(node) })),
        );
      }),
    );
  });

  test('is the same in a fleet that is larger than a search', () => {
    const fleet = fleetOf({ fra: 900, iad: 200, sin: 100 });
    const assignment = createAssignment(fleet);
    const prober = { region: 'iad', id: 'iad-7' };
    const { assigned, confirming } = assignment.targetsOf(prober, fleet);
    const isConfirming = (node: NodeKey) => names(assignment.confirming(node)).includes('iad/iad-7');
    expect(names([...assigned, ...confirming.map((each) => each.target)]).toSorted()).toEqual(
      names(fleet.filter(isConfirming)).toSorted(),
    );
  });

  test.each([
    [1000, 3],
    [1000, 10],
    [1000, 40],
    [12, 3],
  ])('is shared evenly: %i nodes in %i regions', (count, regions) => {
    const fleet = evenFleet(count, regions);
    const assignment = createAssignment(fleet);
    const perProber = new Map<string, number>();
    for (const name of fleet.flatMap((node) => names(assignment.assigned(node)))) {
      perProber.set(name, (perProber.get(name) ?? 0) + 1);
    }
    expect(Math.max(...perProber.values())).toBeLessThanOrEqual(14);
  });
});

describe('a change of the fleet', () => {
  const fleet = evenFleet(300, 6);
  const before = createAssignment(fleet);

  /** The number of pairs of prober and node that exist after the change only. */
  function newPairs(after: readonly NodeKey[], which: 'assigned' | 'confirming') {
    const assignment = createAssignment(after);
    return fleet
      .map((node) => {
        const known = new Set(names(before[which](node)));
        return assignment[which](node).filter((prober) => !known.has(nodeNameFromKey(prober))).length;
      })
      .reduce((sum, pairs) => sum + pairs, 0);
  }

  test('moves few assignments when a prober joins', () => {
    const joined = [...fleet, { region: 'r0', id: 'new' }];
    expect(newPairs(joined, 'assigned')).toBeLessThanOrEqual(10);
    expect(newPairs(joined, 'confirming')).toBeLessThanOrEqual(40);
  });

  test('moves few assignments when a prober leaves', () => {
    const moved = [0, 50, 150, 299].map((gone) => newPairs(fleet.toSpliced(gone, 1), 'assigned'));
    expect(Math.max(...moved)).toBeLessThanOrEqual(10);
  });

  test('moves only the assignments of the prober that leaves, if all probers are candidates', () => {
    const few = evenFleet(60, 6);
    const known = createAssignment(few);
    const left = createAssignment(few.slice(1));
    for (const node of few.slice(1)) {
      const wanted = names(known.confirming(node)).filter((name) => name !== 'r0/node-0');
      expect(names(left.confirming(node))).toEqual(expect.arrayContaining(wanted));
    }
  });

  test('moves no more than a new region takes', () => {
    const joined = [...fleet, ...fleetOf({ new: 10 })];
    expect(newPairs(joined, 'assigned')).toBeLessThanOrEqual((3 * 300 * 2 * 10) / 310);
  });
});

describe('the cost for one prober', () => {
  test.each([
    [10_000, 10_000, 30],
    [10_000, 10_000, 10_000],
    [10_000, 10_000, 1],
    [10_000, 3, 3],
    [10_000, 300, 30],
  ])('of %i nodes and %i probers in %i regions is bounded', (nodes, probers, regions) => {
    let hashes = 0;
    const fleet = evenFleet(nodes, regions);
    const assignment = createAssignment(fleet.slice(0, probers), (one, other) => {
      hashes += 1;
      return hashOfPair(one, other);
    });
    const prober = fleet[0] ?? target;
    assignment.targetsOf(prober, fleet);
    expect(hashes).toBeGreaterThan(0);
    // The number of nodes in reach of one prober varies.
    expect(hashes).toBeLessThanOrEqual(1.5 * 2 * candidatesMax * nodes * Math.min(1, searchMax / probers));
  });

  test('stays bounded if one region has nearly all probers', () => {
    let hashes = 0;
    const fleet = fleetOf({ fra: 9_999, iad: 1 });
    const assignment = createAssignment(fleet, (one, other) => {
      hashes += 1;
      return hashOfPair(one, other);
    });
    expect(assignment.targetsOf({ region: 'iad', id: 'iad-0' }, fleet).assigned).toHaveLength(9_999);
    expect(hashes).toBeLessThanOrEqual((candidatesMax + 1) * 9_999);
  });
});

test('known probers are those of records and those of proofs, each once', () => {
  const watch = { region: 'ams', id: 'watch-1' };
  expect(knownProbers(fleetOf({ fra: 2 }), [watch, target])).toEqual([...fleetOf({ fra: 2 }), watch]);
  expect(confirmingMax).toBe(15);
});
