import { expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { createMemoryProofs } from './memory-proofs.ts';
import { describeProofStore } from './proof-store.contract.ts';

describeProofStore('the memory of a router', () => {
  const clock = createManualClock();
  return Promise.resolve({
    proofs: createMemoryProofs(clock.now),
    elapse: (milliseconds) => Promise.resolve(clock.advance(milliseconds)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

const keyOf = (index: number) => ({
  target: { region: 'eu', id: 'a' },
  prober: { region: 'us', id: `prober-${index}` },
});

test('a full memory refuses further proofs, accepts known ones, and has room when some expire', async () => {
  const clock = createManualClock();
  const proofs = createMemoryProofs(clock.now, 3);
  const put = (index: number, ttlMs: number) => proofs.putProof(keyOf(index), { paths: [], at: index }, ttlMs);
  for (const index of [0, 1, 2]) await put(index, 1_000 * (index + 1));
  await expect(put(3, 1_000)).rejects.toMatchObject({
    code: 'refused',
    fault: 'out_of_memory',
    message: 'The registry is full: expected at most 3 proofs, and 256 of one prober',
  });
  await put(2, 3_000);
  clock.advance(1_000);
  await put(3, 9_000);
  await expect(put(4, 1_000)).rejects.toMatchObject({ fault: 'out_of_memory' });
  expect((await proofs.readAllProofs()).proofs.map(({ proof }) => proof.at)).toEqual([1, 2, 3]);
});

test('a prober has room again when its proofs expire', async () => {
  const clock = createManualClock();
  const proofs = createMemoryProofs(clock.now);
  const prober = { region: 'us', id: 'one' };
  const put = (index: number) =>
    proofs.putProof({ target: { region: 'eu', id: `n${index}` }, prober }, { paths: [], at: index }, 1_000);
  for (let index = 0; index < 256; index += 1) await put(index);
  await expect(put(256)).rejects.toMatchObject({ fault: 'out_of_memory' });
  clock.advance(1_000);
  await put(256);
  expect((await proofs.readAllProofs()).proofs).toHaveLength(1);
});
