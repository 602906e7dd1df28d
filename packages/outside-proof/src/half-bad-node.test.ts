import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey as nameOf, type NodeKey } from '@turn-router/contract/registry';
import { createAssignment } from './assignment.ts';
import { judgeFleet, type FleetJudgement } from './judge-fleet.ts';
import { udpFails, udpWorks } from './simulated-fleet.fixture.ts';

const regions = ['fra', 'iad', 'sin'];
const nodes: NodeKey[] = Array.from({ length: 12 }, (_, index) => ({
  region: regions[index % 3] ?? '',
  id: `n${Math.floor(index / 3) + 1}`,
}));
const probers = nodes.slice(0, 8);
const assignment = createAssignment(probers);
const dead = 'iad/n4';
const halfBad = 'fra/n1';
const doubters = new Set(probers.filter((prober) => nameOf(prober) !== halfBad).slice(0, 2));

/** All probers refute one node, and only two of them the other one, at these times. Returns when the dead node was out of service, ms. */
function timesOut(isBad: (atMs: number) => boolean, untilMs: number): number[] {
  const times: number[] = [];
  let judgement: FleetJudgement = new Map();
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 5_000) {
    const proofs = probers.flatMap((prober) =>
      nodes
        .filter((target) => target !== prober)
        .map((target) => {
          const isRefuted =
            nameOf(target) === dead || (nameOf(target) === halfBad && doubters.has(prober) && isBad(nowMs));
          return { target, prober, proof: { paths: [isRefuted ? udpFails : udpWorks], at: nowMs }, seenAtMs: nowMs };
        }),
    );
    judgement = judgeFleet({ nodes, assignment, proofs, nowMs, maxShare: 0.15 }, judgement);
    expect(judgement.get(halfBad)?.state).not.toBe('refuted');
    if (judgement.get(dead)?.state === 'refuted') times.push(nowMs);
  }
  return times;
}

describe('a node that two probers do not reach', () => {
  test.each<[string, (atMs: number) => boolean]>([
    ['all the time', () => true],
    ['now and then, within the life of a proof', (atMs) => atMs % 60_000 < 30_000],
    ['for a moment in every 100 s', (atMs) => atMs % 100_000 < 5_000],
    ['for a moment in every 200 s', (atMs) => atMs % 200_000 < 5_000],
    ['for a moment in every 305 s', (atMs) => atMs % 305_000 < 5_000],
    ['for 95 s in every 400 s', (atMs) => atMs % 400_000 < 95_000],
  ])('does not keep a dead node in service for more than 200 s: %s', (_, isBad) => {
    const fromMs = 200_000;
    const untilMs = 3_600_000;
    const times = timesOut(isBad, untilMs).filter((atMs) => atMs >= fromMs);
    // It stays out without a break.
    expect(times).toHaveLength((untilMs - fromMs) / 5_000 + 1);
  });
});
