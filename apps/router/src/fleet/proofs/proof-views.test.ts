import { expect, test } from '@jest/globals';
import type { ProofPath } from '@turn-router/contract/registry';
import { proofViewsOf } from './proof-views.ts';
import { keyOf, udpFails, udpWorks } from './test-proofs.fixture.ts';

const proofBy = (prober: string, paths: readonly ProofPath[], seenAtMs = 0) => ({
  prober: keyOf(prober),
  target: keyOf('eu/a'),
  proof: { paths: [...paths], at: 1 },
  seenAtMs,
});

const tls: ProofPath = { transport: 'tls', family: 'ipv4', port: 5349, ok: true, roundTripMs: 31.5 };

test.each<[string, readonly ProofPath[], object]>([
  ['a path that works', [udpWorks], { ok: true, roundTripMs: 20, reason: undefined }],
  ['the shortest round trip', [tls, udpWorks], { ok: true, roundTripMs: 20 }],
  [
    'a path that fails beside one that works',
    [tls, udpFails],
    { ok: false, roundTripMs: 31.5, reason: 'udp 3478 timeout' },
  ],
  ['a remark', [{ ...udpWorks, reason: 'binding_only' }], { ok: true, reason: 'udp 3478 binding_only' }],
  [
    'a fault rather than a remark',
    [{ ...tls, reason: 'binding_only' }, udpFails],
    { ok: false, reason: 'udp 3478 timeout' },
  ],
  [
    'a path that the prober could not try',
    [{ ...udpFails, family: 'ipv6', reason: 'no_route' }],
    { ok: false, roundTripMs: undefined, reason: 'udp 3478 ipv6 no_route' },
  ],
  ['no path', [], { ok: false, roundTripMs: undefined, reason: undefined }],
])('a proof with %s', (_, paths, expected) => {
  expect(proofViewsOf([proofBy('us/x', paths)], 1_500)).toEqual([
    expect.objectContaining({ by: 'us/x', ageMs: 1_500, ...expected }),
  ]);
});

test('at most 16 proofs are shown, those that refute the node first, and no old proof', () => {
  const good = Array.from({ length: 20 }, (_, index) => proofBy(`us/n${10 + index}`, [udpWorks]));
  const proofs = [...good, proofBy('us/old', [udpFails], -90_001), proofBy('us/z', [udpFails])];
  const views = proofViewsOf(proofs, 0);
  expect(views.map(({ by }) => by)).toEqual(['us/z', ...good.slice(0, 15).map(({ prober }) => `us/${prober.id}`)]);
});
