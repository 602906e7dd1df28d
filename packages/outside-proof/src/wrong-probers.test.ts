import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey as nameOf, type NodeKey, type ProofPath } from '@turn-router/contract/registry';
import { fleetOf } from './fleet.fixture.ts';
import { probeLimits } from './plan-round.ts';
import { everRefuted, udpFails, udpWorks } from './simulated-fleet.fixture.ts';

const roundMs = probeLimits.everyMs;

describe('a prober that is wrong', () => {
  const untilMs = 300_000;
  const thirty = fleetOf({ fra: 10, iad: 10, sin: 10 });
  const invented: ProofPath = { transport: 'tls', family: 'ipv6', port: 1, ok: false, reason: 'timeout' };
  const lies: readonly [string, (target: NodeKey) => readonly ProofPath[]][] = [
    ['refutes everybody', () => [udpFails]],
    ['refutes all but a few, so it does not look blind', ({ id }) => [id.endsWith('3') ? udpWorks : udpFails]],
    ['invents a path that nobody else knows', () => [udpWorks, invented]],
    ['refutes one node', ({ region, id }) => [region === 'iad' && id === 'iad-5' ? udpFails : udpWorks]],
  ];

  test.each(lies)('refutes nobody alone if it %s', (_, lie) => {
    for (const fleet of [thirty, fleetOf({ fra: 2, iad: 2 }), fleetOf({ fra: 4, iad: 6 })]) {
      const liars = new Map([[nameOf(fleet[1] ?? { region: '', id: '' }), lie]]);
      expect(everRefuted({ fleet, liars, untilMs })).toEqual(new Map());
    }
  });

  test.each(lies)('refutes nobody as one of ten among thirty, if it %s', (_, lie) => {
    for (const isLiar of [
      (_node: NodeKey, index: number) => index % 3 === 0,
      ({ region }: NodeKey) => region === 'fra',
      (_node: NodeKey, index: number) => index % 10 < 3 || index === 29,
    ]) {
      const liars = new Map(thirty.filter(isLiar).map((node) => [nameOf(node), lie]));
      expect(liars.size).toBe(10);
      expect(everRefuted({ fleet: thirty, liars, untilMs })).toEqual(new Map());
    }
  });

  test.each([
    ['sees nobody', [udpFails]],
    ['sees nobody over UDP', [udpFails, { ...udpWorks, transport: 'tcp' as const }]],
  ])('refutes nobody and changes no other verdict if it %s', (_, seen) => {
    const dead = 'iad/iad-5';
    const probe = (prober: NodeKey, target: NodeKey) =>
      nameOf(prober) === 'fra/fra-0' ? seen : [nameOf(target) === dead ? udpFails : udpWorks];
    const refuted = everRefuted({ fleet: thirty, probe, untilMs });
    expect([...refuted.keys()]).toEqual([dead]);
    expect(refuted.get(dead)).toBeLessThanOrEqual(4 * roundMs);
  });

  test('does not keep a dead node in service by praising it', () => {
    const liars = new Map([['fra/fra-0', () => [udpWorks]]]);
    const fleet = fleetOf({ fra: 3, iad: 3, sin: 3 });
    const probe = (_prober: NodeKey, target: NodeKey) => [target === fleet[4] ? udpFails : udpWorks];
    expect([...everRefuted({ fleet, liars, probe, untilMs }).keys()]).toEqual(['iad/iad-1']);
  });
});
