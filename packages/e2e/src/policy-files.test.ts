import { expect, test } from '@jest/globals';
import { runPolicyFiles } from '@turn-router/trials';

/** `npm run prove -- policy-files` runs 10 000 damages and judges pauses of the event loop. */
test('limits and residency hold while the policy file is hostile, cut or written over', async () => {
  const { faults, answers } = await runPolicyFiles({
    files: 'few',
    damages: 40,
    lagMaxMs: undefined,
    seed: 13,
    onProgress() {},
  });
  expect(faults).toEqual([]);
  expect(answers).toBeGreaterThan(100);
}, 600_000);
