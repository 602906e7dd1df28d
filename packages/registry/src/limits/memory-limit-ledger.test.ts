import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { leaseMs, slotMs, windowSlots } from './limit-ledger.ts';
import { describeLimitLedger } from './limit-ledger.contract.ts';
import { createMemoryLimitLedger } from './memory-limit-ledger.ts';

describeLimitLedger('memory', () =>
  Promise.resolve({
    // Starts in the middle of a second, far from zero.
    ledger: createMemoryLimitLedger(() => 1_000_500),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
);

/** One bucket of ten calls a minute. */
const said = (calls: number, wish: number) => [
  { bucket: 'x', limit: 10, calls: calls === 0 ? [] : [{ ageSlots: 0, calls }], wish },
];

describe('the ledger in memory, over time', () => {
  test('frees a lease that its router does not renew in time', async () => {
    const clock = createManualClock();
    const ledger = createMemoryLimitLedger(clock.now);
    await ledger.exchangeLimits('a', said(0, 5), []);
    clock.advance(leaseMs - 1);
    expect((await ledger.exchangeLimits('b', said(0, 10), [])).settlements).toMatchObject([{ granted: 3 }]);
    clock.advance(1);
    expect((await ledger.exchangeLimits('b', said(0, 10), [])).settlements).toMatchObject([{ granted: 5 }]);
  });

  test('counts a call in its own second and in sixty more', async () => {
    const clock = createManualClock(999);
    const ledger = createMemoryLimitLedger(clock.now);
    const askAgain = async () => (await ledger.exchangeLimits('b', said(0, 0), [])).settlements[0];
    await ledger.exchangeLimits('a', said(10, 0), ['x']);
    expect(await askAgain()).toEqual({ granted: 0, othersCalls: 10, fullForMs: windowSlots * slotMs + 1 });
    clock.advance(windowSlots * slotMs);
    expect(await askAgain()).toEqual({ granted: 0, othersCalls: 10, fullForMs: 1 });
    clock.advance(1);
    expect(await askAgain()).toEqual({ granted: 0, othersCalls: 0, fullForMs: 0 });
    expect((await ledger.exchangeLimits('b', [], [])).busy).toEqual([]);
  });

  test('drops the buckets reported longest ago when there are too many', async () => {
    const clock = createManualClock();
    const ledger = createMemoryLimitLedger(clock.now, 2);
    const say = (replicaId: string, bucket: string, calls: number) =>
      ledger.exchangeLimits(replicaId, [{ bucket, limit: 10, calls: [{ ageSlots: 0, calls }], wish: 0 }], []);
    for (const bucket of ['x', 'y', 'x', 'z']) await say('a', bucket, 4);
    const heard = async (bucket: string) => (await say('b', bucket, 1)).settlements[0]?.othersCalls;
    expect([await heard('x'), await heard('z'), await heard('y')]).toEqual([4, 4, 0]);
  });
});
