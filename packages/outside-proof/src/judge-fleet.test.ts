import { describe, expect, test } from '@jest/globals';
import type { NodeKey, ProofPath } from '@turn-router/contract/registry';
import { createAssignment } from './assignment.ts';
import { fleetOf } from './fleet.fixture.ts';
import { judgeFleet, settleMs, type FleetJudgement } from './judge-fleet.ts';
import type { SeenProof } from './seen-proofs.ts';
import { udpFails, udpWorks } from './simulated-fleet.fixture.ts';

const target: NodeKey = { region: 'fra', id: 'fra-0' };
const fleet = fleetOf({ fra: 2, iad: 2 });

/** Proofs of all probers about all nodes: this prober says this about the target, and that all others work. */
function proofsOf(said: Readonly<Record<string, readonly ProofPath[]>>, seenAtMs: number): SeenProof[] {
  return fleet.flatMap((prober) =>
    fleet
      .filter((node) => node !== prober)
      .map((node) => {
        const paths = node.id === target.id ? (said[prober.id] ?? [udpWorks]) : [udpWorks];
        return { target: node, prober, proof: { paths: [...paths], at: 1 }, seenAtMs };
      }),
  );
}

function judge(proofs: readonly SeenProof[], nowMs: number, before?: FleetJudgement, nodes = fleet, probers = fleet) {
  return judgeFleet({ nodes, assignment: createAssignment(probers), proofs, nowMs, maxShare: 0.15 }, before);
}

const verdict = (judgement: FleetJudgement) => {
  const { state, text } = judgement.get('fra/fra-0') ?? {};
  return `${state}: ${text}`;
};

describe('the verdict about a node', () => {
  test.each<[string, SeenProof[], NodeKey[], string]>([
    ['without any prober', [], [], 'unproven: no_prober'],
    ['that is the only prober', [], [target], 'unproven: no_prober'],
    ['without a proof', [], fleet, 'unproven: no_fresh_proof'],
    ['with old proofs', proofsOf({}, -90_001), fleet, 'unproven: no_fresh_proof'],
    ['that all reach', proofsOf({}, 0), fleet, 'proven: reached'],
    ['that one refutes', proofsOf({ 'iad-0': [udpFails] }, 0), fleet, 'proven: suspected (1 of 3: udp 3478 timeout)'],
    [
      'that all have just refuted',
      proofsOf({ 'iad-0': [udpFails], 'iad-1': [udpFails], 'fra-1': [udpFails] }, 0),
      fleet,
      'unproven: suspected (3 of 3: udp 3478 timeout)',
    ],
    [
      'that says so of itself',
      [{ target, prober: target, proof: { paths: [udpWorks], at: 1 }, seenAtMs: 0 }],
      fleet,
      'unproven: no_fresh_proof',
    ],
    [
      'whose proof is by nobody that is known',
      [{ target, prober: { region: 'x', id: 'x' }, proof: { paths: [udpWorks], at: 1 }, seenAtMs: 0 }],
      fleet,
      'unproven: no_fresh_proof',
    ],
    [
      'whose paths nobody can check',
      proofsOf(Object.fromEntries(fleet.map(({ id }) => [id, [{ ...udpFails, reason: 'no_route' as const }]])), 0),
      fleet,
      'unproven: no_fresh_proof',
    ],
  ])('%s', (_, proofs, probers, expected) => {
    expect(verdict(judge(proofs, 0, undefined, fleet, probers))).toBe(expected);
  });

  test('changes with time: suspected, unreachable, recovering, reached', () => {
    const fails = { 'iad-0': [udpFails], 'iad-1': [udpFails] };
    const steps: [atMs: number, said: Readonly<Record<string, readonly ProofPath[]>>, expected: string][] = [
      [0, { 'iad-0': [udpFails] }, 'proven: suspected (1 of 3: udp 3478 timeout)'],
      [5000, fails, 'proven: suspected (2 of 3: udp 3478 timeout)'],
      [5000 + settleMs - 1, fails, 'proven: suspected (2 of 3: udp 3478 timeout)'],
      [5000 + settleMs, fails, 'refuted: unreachable_from_outside (2 of 3: udp 3478 timeout)'],
      [100_000, {}, 'refuted: unreachable_from_outside (2 of 3: udp 3478 timeout)'],
      [
        129_999,
        { 'iad-0': [udpFails] },
        'refuted: recovering, was unreachable_from_outside (2 of 3: udp 3478 timeout)',
      ],
      [130_000, { 'iad-0': [udpFails] }, 'proven: suspected (1 of 3: udp 3478 timeout)'],
      [140_000, {}, 'proven: reached'],
    ];
    let judgement: FleetJudgement = new Map();
    for (const [index, [atMs, said, expected]] of steps.entries()) {
      // At 100 s, the last reading that still shows the majority.
      judgement = judge(proofsOf(index === 4 ? fails : said, atMs), atMs, judgement);
      expect([atMs, verdict(judgement)]).toEqual([atMs, expected]);
    }
  });

  test('stays refuted without a break if the majority is gone for less than a round', () => {
    const fails = proofsOf({ 'iad-0': [udpFails], 'iad-1': [udpFails] }, 0);
    let judgement = judge(fails, 0);
    const states: (string | undefined)[] = [];
    for (const atMs of [40_000, 60_000, 75_000, 85_000, 90_000]) {
      const isGone = atMs === 75_000;
      judgement = judge(isGone ? proofsOf({}, atMs) : fails, atMs, judgement);
      states.push(judgement.get('fra/fra-0')?.state);
    }
    expect(states).toEqual(['refuted', 'refuted', 'refuted', 'refuted', 'refuted']);
  });

  test('ends when all proofs are gone', () => {
    const fails = proofsOf({ 'iad-0': [udpFails], 'iad-1': [udpFails] }, 0);
    let judgement = judge(fails, 40_000, judge(fails, 0));
    expect(verdict(judgement)).toContain('refuted: unreachable_from_outside');
    judgement = judge([], 70_000, judgement);
    expect(verdict(judgement)).toBe('unproven: no_fresh_proof');
  });

  test('of a node without a record is forgotten', () => {
    const fails = proofsOf({ 'iad-0': [udpFails], 'iad-1': [udpFails] }, 0);
    const out = judge(fails, 40_000, judge(fails, 0));
    const gone = judge(fails, 45_000, out, fleet.slice(1));
    expect([...gone.keys()]).toEqual(['fra/fra-1', 'iad/iad-0', 'iad/iad-1']);
    expect(verdict(judge(fails, 50_000, gone))).toContain('suspected');
  });

  test('names the share that keeps a node in service', () => {
    const fails = proofsOf({ 'iad-0': [udpFails], 'iad-1': [udpFails] }, 0).map((seen) =>
      seen.prober.region !== seen.target.region ? { ...seen, proof: { paths: [udpFails], at: 1 } } : seen,
    );
    expect(verdict(judge(fails, 40_000, judge(fails, 0)))).toBe(
      'proven: kept_region_at_once (2 of 3: udp 3478 timeout)',
    );
  });
});
