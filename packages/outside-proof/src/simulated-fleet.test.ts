import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey, type NodeKey, type ProofPath } from '@turn-router/contract/registry';
import fc from 'fast-check';
import { evenFleet, fleetOf } from './fleet.fixture.ts';
import { probeLimits } from './plan-round.ts';
import { everRefuted, refutedIn, simulateFleet, udpFails, udpWorks, type World } from './simulated-fleet.fixture.ts';

const roundMs = probeLimits.everyMs;
const nameOf = nodeNameFromKey;
/** Each table of fleets runs with these seeds. */
const seeds = [1, 2];

const fleets: readonly [string, NodeKey[]][] = [
  ['2 + 2', fleetOf({ fra: 2, iad: 2 })],
  ['3 + 3', fleetOf({ fra: 3, iad: 3 })],
  ['4 + 4 + 4', fleetOf({ fra: 4, iad: 4, sin: 4 })],
  ['10 + 10 + 10', fleetOf({ fra: 10, iad: 10, sin: 10 })],
  ['40 in 8 regions', evenFleet(40, 8)],
  ['20 in one region', fleetOf({ fra: 20 })],
  ['30 + 3', fleetOf({ fra: 30, iad: 3 })],
];
const seededFleets = fleets.flatMap(([name, fleet]) => seeds.map((seed) => [name, seed, fleet] as const));

describe('1 000 nodes', () => {
  test.each([10, 3])(
    'in %i regions are each probed by 2–4 others, and no prober does more than its bound',
    (regions) => {
      const fleet = evenFleet(1000, regions);
      const probers = new Map<string, number>();
      const states = new Map<string, number>();
      const probes = simulateFleet({ fleet, untilMs: 3 * roundMs }, ({ atMs, judgement, proofs }) => {
        if (atMs !== 3 * roundMs) return;
        for (const { target } of proofs) probers.set(nameOf(target), (probers.get(nameOf(target)) ?? 0) + 1);
        for (const { state } of judgement.values()) states.set(state, (states.get(state) ?? 0) + 1);
      });
      expect(probers.size).toBe(1000);
      expect(Math.min(...probers.values())).toBeGreaterThanOrEqual(2);
      expect(Math.max(...probers.values())).toBeLessThanOrEqual(4);
      expect(Math.max(...probes)).toBeLessThanOrEqual(probeLimits.maxTargets);
      expect(Object.fromEntries(states)).toEqual({ proven: 1000 });
    },
  );
});

describe('a dead path', () => {
  const brokenFromMs = 100_000;
  const mendedAtMs = 400_000;
  const deadlineMs = 3 * roundMs;

  test.each(seededFleets)(
    'is refuted within 3 rounds, and the node is back within 3 rounds: %s, seed %i',
    (_, seed, fleet) => {
      const dead = nameOf(fleet[0] ?? { region: '', id: '' });
      const outAt: number[] = [];
      const isBroken = (atMs: number) => atMs >= brokenFromMs && atMs < mendedAtMs;
      const probe = (_prober: NodeKey, target: NodeKey, atMs: number) =>
        nameOf(target) === dead && isBroken(atMs) ? [udpFails] : [udpWorks];
      simulateFleet({ fleet, probe, seed, untilMs: 500_000 }, ({ atMs, judgement }) => {
        const refuted = refutedIn(judgement);
        expect(refuted.filter((name) => name !== dead)).toEqual([]);
        if (refuted.length > 0) outAt.push(atMs);
      });
      expect(outAt[0]).toBeGreaterThan(brokenFromMs);
      expect(outAt[0]).toBeLessThanOrEqual(brokenFromMs + deadlineMs);
      expect(outAt.at(-1)).toBeGreaterThanOrEqual(mendedAtMs);
      expect(outAt.at(-1)).toBeLessThanOrEqual(mendedAtMs + deadlineMs);
      // It was out without a break.
      expect(outAt).toHaveLength(((outAt.at(-1) ?? 0) - (outAt[0] ?? 0)) / 5000 + 1);
    },
  );

  const ipv6Works: ProofPath = { ...udpWorks, family: 'ipv6' };
  const ipv6Fails: ProofPath = { ...udpFails, family: 'ipv6' };
  test.each<[string, (prober: NodeKey, target: NodeKey) => readonly ProofPath[], string]>([
    [
      'that its neighbours still reach (TTL 1)',
      (prober, target) => [prober.region === target.region ? udpWorks : udpFails],
      'unreachable_from_outside (8 of 9: udp 3478 timeout)',
    ],
    ['of IPv6 only', () => [udpWorks, ipv6Fails], 'unreachable_from_outside (9 of 9: udp 3478 ipv6 timeout)'],
    [
      'of IPv6, while some probers have no IPv6',
      ({ id }) => [udpWorks, id.endsWith('1') ? { ...ipv6Fails, reason: 'no_route' } : ipv6Fails],
      'unreachable_from_outside (6 of 6: udp 3478 ipv6 timeout)',
    ],
    [
      'of TLS only',
      () => [udpWorks, { transport: 'tls', family: 'ipv4', port: 443, ok: false, reason: 'certificate_untrusted' }],
      'unreachable_from_outside (9 of 9: tls 443 certificate_untrusted)',
    ],
  ])('%s is refuted with its count', (_, found, text) => {
    const fleet = fleetOf({ fra: 4, iad: 4, sin: 4 });
    const dead = { region: 'fra', id: 'fra-0' };
    const probe = (prober: NodeKey, target: NodeKey) =>
      nameOf(target) === nameOf(dead)
        ? found(prober, target)
        : [udpWorks, { ...ipv6Works, ...(prober.id.endsWith('1') && { ok: false, reason: 'no_route' as const }) }];
    const texts: (string | undefined)[] = [];
    simulateFleet({ fleet, probe, untilMs: 120_000 }, ({ judgement }) => {
      expect(refutedIn(judgement).filter((name) => name !== nameOf(dead))).toEqual([]);
      texts.push(judgement.get(nameOf(dead))?.text);
    });
    expect(texts.at(-1)).toBe(text);
  });
});

/** The nodes of each side do not reach the other side, in every second period. */
function apart(isLeft: (node: NodeKey) => boolean, periodMs: number): NonNullable<World['probe']> {
  return (prober, target, atMs) => [
    Math.floor(atMs / periodMs) % 2 === 1 && isLeft(prober) !== isLeft(target) ? udpFails : udpWorks,
  ];
}

describe('a partition', () => {
  const fromMs = 100_000;

  /** The nodes of one half cannot reach those of the other half. */
  const partition = (isLeft: (node: NodeKey) => boolean) => (prober: NodeKey, target: NodeKey, atMs: number) => [
    atMs >= fromMs && isLeft(prober) !== isLeft(target) ? udpFails : udpWorks,
  ];

  test.each(seededFleets)('between the first region and the others takes nobody out: %s, seed %i', (_, seed, fleet) => {
    const probe = partition(({ region }) => region === fleet[0]?.region);
    expect(everRefuted({ fleet, probe, seed, untilMs: 600_000 })).toEqual(new Map());
  });

  test.each(seededFleets)('between two halves of every region takes nobody out: %s, seed %i', (_, seed, fleet) => {
    const left = new Set(fleet.filter((_node, index) => Math.floor(index / 2) % 2 === 0).map(nameOf));
    const probe = partition((node) => left.has(nameOf(node)));
    expect(everRefuted({ fleet, probe, seed, untilMs: 600_000 })).toEqual(new Map());
  });

  test.each(seededFleets)('that comes and goes takes nobody out: %s, seed %i', (_, seed, fleet) => {
    const probe = apart(({ region }) => region === fleet[0]?.region, 70_000);
    expect(everRefuted({ fleet, probe, seed, untilMs: 600_000 })).toEqual(new Map());
  });
});

describe('a partition of a small fleet', () => {
  const small = [{ a: 2, b: 2 }, { a: 3, b: 3 }, { a: 1, b: 5 }, { a: 5 }, { a: 1, b: 1, c: 1, d: 1, e: 1 }].map(
    fleetOf,
  );

  test('takes nobody out, whichever nodes are on each side, however long it lasts, if each side has two', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 45_000, max: 300_000 }),
        fc.nat(1000),
        (fleet, sides, periodMs, seed) => {
          const left = new Set(fleet.filter((_node, index) => sides[index]).map(nameOf));
          fc.pre(left.size >= 2 && left.size <= fleet.length - 2);
          const probe = apart((node) => left.has(nameOf(node)), periodMs);
          expect(everRefuted({ fleet, probe, seed, untilMs: 700_000 })).toEqual(new Map());
        },
      ),
    );
  });

  test('takes out a node that no other node reaches, and only this node', () => {
    for (const fleet of small) {
      const probe = apart((node) => node === fleet[0], 400_000);
      expect([...everRefuted({ fleet, probe, untilMs: 700_000 }).keys()]).toEqual([
        nameOf(fleet[0] ?? { region: '', id: '' }),
      ]);
    }
  });
});

describe('many dead paths', () => {
  const fleet = fleetOf({ fra: 20, iad: 20, sin: 20 });

  test('take out no more than the share of the region, however many fail one after the other', () => {
    const diesAt = new Map(fleet.slice(0, 6).map((node, index) => [nameOf(node), 100_000 + index * 400_000]));
    const probe = (_prober: NodeKey, target: NodeKey, atMs: number) => [
      atMs >= (diesAt.get(nameOf(target)) ?? Infinity) ? udpFails : udpWorks,
    ];
    const counts: number[] = [];
    simulateFleet({ fleet, probe, untilMs: 2_500_000 }, ({ judgement }) => {
      const refuted = refutedIn(judgement);
      expect(refuted).toEqual([...diesAt.keys()].slice(0, refuted.length));
      counts.push(refuted.length);
    });
    expect(Math.max(...counts)).toBe(3);
    expect(counts.at(-1)).toBe(3);
  });

  test('of a whole region take nobody out', () => {
    const probe = (_prober: NodeKey, target: NodeKey, atMs: number) => [
      target.region === fleet[0]?.region && atMs > 100_000 && atMs < 300_000 ? udpFails : udpWorks,
    ];
    expect(everRefuted({ fleet, probe, untilMs: 500_000 })).toEqual(new Map());
  });
});
