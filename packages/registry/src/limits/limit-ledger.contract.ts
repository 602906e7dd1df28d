import { describe, expect, test } from '@jest/globals';
import { busyMax, type LimitLedger, type LimitReport } from './limit-ledger.ts';

export type LedgerUnderTest = AsyncDisposable & { ledger: LimitLedger };

const bucket = '0123456789abcdef0123456789abcdef';
const another = 'f123456789abcdef0123456789abcdef';

/** `calls`: the number of calls by age in seconds. */
function report(calls: Readonly<Record<number, number>>, wish = 0, limit = 100): LimitReport {
  return {
    bucket,
    limit,
    calls: Object.entries(calls).map(([age, count]) => ({ ageSlots: Number(age), calls: count })),
    wish,
  };
}

/** Tests any LimitLedger. A second may pass during a test, so ages stay one second away from the edge of the window. */
export function describeLimitLedger(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`${name}, as a ledger of limits`, () => {
    test('grants at most half of what is left, less the calls and leases of the other routers', async () => {
      await using subject = await open();
      const say = async (replicaId: string, said: LimitReport) =>
        (await subject.ledger.exchangeLimits(replicaId, [said], [])).settlements[0];
      expect(await say('a', report({ 0: 20 }, 10))).toEqual({ granted: 10, othersCalls: 0, fullForMs: 0 });
      expect(await say('b', report({ 0: 30 }, 90))).toEqual({ granted: 20, othersCalls: 20, fullForMs: 0 });
      expect(await say('c', report({}, 9))).toEqual({ granted: 9, othersCalls: 50, fullForMs: 0 });
      expect(await say('c', report({ 0: 9 }, 90))).toEqual({ granted: 6, othersCalls: 50, fullForMs: 0 });
    });

    test('replaces the previous report of a router, including its lease', async () => {
      await using subject = await open();
      await subject.ledger.exchangeLimits('a', [report({ 0: 20 }, 40)], []);
      await subject.ledger.exchangeLimits('a', [report({ 0: 20, 3: 1 })], []);
      await subject.ledger.exchangeLimits('a', [report({ 0: 20, 3: 1 })], []);
      const { settlements } = await subject.ledger.exchangeLimits('b', [report({}, 100)], []);
      expect(settlements).toEqual([{ granted: 40, othersCalls: 21, fullForMs: 0 }]);
    });

    test.each<
      [why: string, own: Record<number, number>, others: Record<number, number>, atLeast: number, most: number]
    >([
      ['only leases fill it, and may be released soon', {}, { 0: 98 }, 1_000, 1_000],
      ['it has just become full', {}, { 0: 100 }, 59_000, 61_000],
      ['the oldest calls leave first', { 10: 1 }, { 50: 1, 0: 98 }, 9_000, 11_000],
      ['all excess calls must leave', { 50: 5, 40: 2 }, { 30: 1, 0: 98 }, 19_000, 21_000],
    ])('returns how long the bucket stays full: %s', async (_why, own, others, atLeast, most) => {
      await using subject = await open();
      await subject.ledger.exchangeLimits('a', [report(others, 1)], []);
      await subject.ledger.exchangeLimits('c', [report({}, 1)], []);
      const { settlements } = await subject.ledger.exchangeLimits('b', [report(own, 5)], []);
      expect(settlements[0]?.granted).toBe(0);
      expect(settlements[0]?.fullForMs).toBeGreaterThanOrEqual(atLeast);
      expect(settlements[0]?.fullForMs).toBeLessThanOrEqual(most);
    });

    test('ignores calls that have left the window', async () => {
      await using subject = await open();
      await subject.ledger.exchangeLimits('a', [report({ 59: 7, 62: 90 })], []);
      const { settlements } = await subject.ledger.exchangeLimits('b', [report({}, 4)], []);
      expect(settlements).toEqual([{ granted: 4, othersCalls: 7, fullForMs: 0 }]);
    });

    test('keeps buckets apart, and settles them in the order of the reports', async () => {
      await using subject = await open();
      const many = Array.from({ length: 300 }, (_, index) => ({
        ...report({ 0: index + 1 }, 1, 1000),
        bucket: `${(index % 16).toString(16)}${index}`,
      }));
      await subject.ledger.exchangeLimits('a', many, []);
      const { settlements } = await subject.ledger.exchangeLimits(
        'b',
        many.map((each) => ({ ...each, calls: [] })),
        [],
      );
      expect(settlements.map(({ othersCalls }) => othersCalls)).toEqual(many.map((_, index) => index + 1));
    });

    test('returns the latest busy buckets to every router', async () => {
      await using subject = await open();
      expect(await subject.ledger.exchangeLimits('a', [], [bucket])).toMatchObject({
        settlements: [],
        busy: [bucket],
      });
      const { busy } = await subject.ledger.exchangeLimits('b', [], [another]);
      expect(busy.toSorted()).toEqual([bucket, another].toSorted());
      const more = Array.from({ length: busyMax + 5 }, (_, index) => `f${index}`);
      expect((await subject.ledger.exchangeLimits('b', [], more)).busy).toHaveLength(busyMax);
    });
  });
}
