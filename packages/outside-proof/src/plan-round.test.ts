import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import fc from 'fast-check';
import { countNodesAt, type PublishedNode } from './address-load.ts';
import { createAssignment } from './assignment.ts';
import { evenFleet, fleetOf, uniformDraws } from './fleet.fixture.ts';
import { planRound, probeLimits, type PlannedTarget, type RoundOptions } from './plan-round.ts';

const self: NodeKey = { region: 'iad', id: 'iad-0' };
const options: RoundOptions = { ...probeLimits, self, round: 0, nodesAt: () => 1, random: () => 0.5 };
const targetsOf = (count: number, isSuspected = false, region = 'fra'): PlannedTarget[] =>
  fleetOf({ [region]: count }).map((key) => ({ key, addresses: ['192.0.2.1'], isSuspected }));
const namesOf = (plan: readonly { readonly target: NodeKey }[]) => plan.map(({ target }) => nodeNameFromKey(target));

describe('the probes of a round', () => {
  test('are spread evenly, each in a slot of its own', () => {
    expect(planRound([], options)).toEqual([]);
    expect(planRound(targetsOf(3), options).map(({ atMs }) => atMs)).toEqual([5000, 15_000, 25_000]);
  });

  test('move by chance within their slot, never into another, whatever the number of targets', () => {
    fc.assert(
      fc.property(fc.nat(80), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000), (count, jitter, seed) => {
        const plan = planRound(targetsOf(count), { ...options, jitter, random: uniformDraws(seed) });
        expect(plan.length).toBe(Math.min(count, options.maxTargets));
        for (const [slot, { atMs }] of plan.entries()) {
          expect(Math.floor((atMs / options.everyMs) * plan.length)).toBe(slot);
        }
      }),
    );
  });

  test('start with the suspected nodes', () => {
    const plan = planRound([...targetsOf(5), ...targetsOf(2, true, 'sin')], options);
    expect(namesOf(plan).slice(0, 2).toSorted()).toEqual(['sin/sin-0', 'sin/sin-1']);
    expect(plan).toHaveLength(7);
  });

  test.each([
    [100, 0, 0, 32],
    [0, 100, 32, 0],
    [100, 100, 16, 16],
    [100, 4, 4, 28],
    [4, 100, 28, 4],
  ])(
    'of %i nodes and %i suspected nodes are %i of the suspected and %i of the others',
    (others, suspected, ...expected) => {
      const plan = planRound([...targetsOf(others), ...targetsOf(suspected, true, 'sin')], options);
      const ofSuspected = plan.filter(({ target }) => target.region === 'sin').length;
      expect([ofSuspected, plan.length - ofSuspected]).toEqual(expected);
    },
  );

  test('reach every node in turn if there are too many', () => {
    const rounds = [0, 1, 2, 3].map((round) => namesOf(planRound(targetsOf(100), { ...options, round })));
    expect(rounds.map((names) => names.length)).toEqual([32, 32, 32, 32]);
    expect(new Set(rounds.flat()).size).toBe(100);
  });
});

const victim = '203.0.113.9';
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the probes of one address by the whole fleet', () => {
  const size = 120;
  const rounds = Array.from({ length: 12 }, (_, round) => round);
  const fleet = evenFleet(size, 10);
  const assignment = createAssignment(fleet);
  const indexOf = new Map(fleet.map((key, index) => [nodeNameFromKey(key), index]));
  const targets = fleet.map((): number[] => []);
  for (const [target, key] of fleet.entries()) {
    for (const prober of assignment.confirming(key)) targets[indexOf.get(nodeNameFromKey(prober)) ?? -1]?.push(target);
  }

  /** Returns the probes of the victim in each round. The first records lead to it, as `publish` says. All nodes are suspected. */
  function probesOfVictim(hostile: number, publish: (index: number) => PublishedNode): number[] {
    const published = fleet.map((_, index) => (index < hostile ? publish(index) : { addresses: [`192.0.2.${index}`] }));
    const addressOf = (index: number) => (index < hostile ? victim : `192.0.2.${index}`);
    const perProber = fleet.map((key, prober) => {
      const own = targets[prober] ?? [];
      const resolved = new Map(own.map((index) => [published[index]?.hostname ?? '', [addressOf(index)]]));
      const nodesAt = countNodesAt(published, resolved);
      const planned = own.map((index) => ({
        key: fleet[index] ?? key,
        addresses: [addressOf(index)],
        isSuspected: true,
      }));
      return rounds.map((round) =>
        planRound(planned, { ...options, self: key, round, nodesAt }).filter(
          ({ target }) => (indexOf.get(nodeNameFromKey(target)) ?? size) < hostile,
        ),
      );
    });
    return rounds.map((round) => mean(perProber.map((plans) => plans[round]?.length ?? 0)) * size);
  }

  test.each([
    [1, 15],
    [4, 60],
    [5, 60],
    [20, 60],
    [size, 60],
  ])('stay below the bound if %i records name the address', (hostile, most) => {
    const probes = mean(probesOfVictim(hostile, () => ({ addresses: [victim] })));
    expect(probes).toBeLessThanOrEqual(1.1 * most);
    expect(probes).toBeGreaterThanOrEqual(0.5 * most);
  });

  const spellings = [victim, `::ffff:${victim}`, '::FFFF:cb00:7109'];
  test.each<[string, (index: number) => PublishedNode]>([
    ['spell the address in different ways', (index) => ({ addresses: [spellings[index % spellings.length] ?? ''] })],
    ['name one host name', () => ({ addresses: [], hostname: 'turn.example.org' })],
    ['name different host names', (index) => ({ addresses: [], hostname: `turn-${index}.example.org` })],
    [
      'name another address beside a host name',
      (index) => ({ addresses: [`198.51.100.${index}`], hostname: `turn-${index}.example.org` }),
    ],
  ])('stay below the bound if records %s', (_, publish) => {
    for (const hostile of [12, 40, size]) expect(mean(probesOfVictim(hostile, publish))).toBeLessThanOrEqual(66);
  });
});
