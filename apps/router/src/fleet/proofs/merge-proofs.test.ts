import { expect, test } from '@jest/globals';
import type { SeenProof, Steps } from '@turn-router/outside-proof';
import { mergeProofs } from './merge-proofs.ts';
import { keyOf, udpFails, udpWorks } from './test-proofs.fixture.ts';

function resultOf<Result>(steps: Steps<Result>): Result {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

const proof = (prober: string, target: string, seenAtMs: number, path = udpWorks): SeenProof => ({
  prober: keyOf(prober),
  target: keyOf(target),
  proof: { paths: [path], at: 1 },
  seenAtMs,
});

const merge = (...lists: readonly (readonly SeenProof[])[]) =>
  resultOf(mergeProofs(lists, (region) => region !== 'office', 100_000));

test('of two registries, the proof that was seen last counts, and each proof is there once', () => {
  const older = proof('us/x', 'eu/a', 50_000, udpFails);
  const newer = proof('us/x', 'eu/a', 60_000);
  const other = proof('us/y', 'eu/a', 55_000);
  for (const lists of [
    [[older], [newer, other]],
    [[newer, other], [older]],
  ]) {
    const { proofs, byTarget, probers } = merge(...lists);
    expect(proofs).toHaveLength(2);
    expect(byTarget.get('eu/a')).toEqual(expect.arrayContaining([newer, other]));
    expect(probers).toHaveLength(2);
  }
});

test('proofs of more than 90 s ago are left out, and so are their probers', () => {
  expect(merge([proof('us/x', 'eu/a', 9_999)])).toEqual({
    proofs: [],
    byTarget: new Map(),
    probers: [],
    inRegions: [],
  });
});

test('a prober outside the regions of the policy counts, and is no part of the round trips', () => {
  const { probers, inRegions } = merge([proof('office/x', 'eu/a', 50_000), proof('us/y', 'eu/a', 50_000)]);
  expect(probers).toEqual([keyOf('office/x'), keyOf('us/y')]);
  expect(inRegions.map(({ prober }) => prober.region)).toEqual(['us']);
});
