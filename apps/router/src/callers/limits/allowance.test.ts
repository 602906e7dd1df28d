import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { capWithoutLedger, freeCalls, isBusy, shareWithoutLedger, wishFrom } from './allowance.ts';

describe('free calls', () => {
  test.each([
    [100, 3, 3],
    [100, 1, Number.POSITIVE_INFINITY],
    [1000, 10, 10],
    [10, 3, 1],
    [1, 64, 1],
  ])('of %d a minute, at each of %d routers: %d', (limit, replicas, calls) => {
    expect(freeCalls(limit, replicas)).toBe(calls);
  });
});

describe('the requested lease', () => {
  test.each([
    [0, 3, 0],
    [1, 3, 0],
    [2, 3, 4],
    [50, 3, 100],
    [1, 1, 2],
    [50, Number.POSITIVE_INFINITY, 0],
  ])('after %d calls, %d of them free: %d', (tried, free, wish) => {
    expect(wishFrom(tried, free)).toBe(wish);
  });
});

describe('the share of a router while the ledger is away', () => {
  test.each([
    ['idle', 0, 0, 34],
    ['not busy', 20, 4, 34],
    ['busy here', 25, 0, 100],
    ['busy elsewhere', 0, 25, 3],
    ['busy here and there', 40, 10, 80],
    ['full', 80, 20, 80],
    ['over', 83, 26, 83],
  ])('%s: %d calls here, %d elsewhere, of 100 at 3 routers: %d', (_how, own, others, cap) => {
    const share = shareWithoutLedger({ own, others }, 100, 3);
    expect(capWithoutLedger(100, share, freeCalls(100, 3))).toBe(cap);
  });

  test('makes a caller busy from a quarter of its limit', () => {
    expect([24, 25, 26].map((calls) => isBusy(100, calls))).toEqual([false, true, true]);
  });

  test('adds up to the limit, plus one call per router for rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 20 }),
        fc.integer({ min: 200, max: 100_000 }),
        (calls, limit) => {
          const all = calls.reduce((sum, own) => sum + own, 0);
          const caps = calls.map((own) =>
            capWithoutLedger(limit, shareWithoutLedger({ own, others: all - own }, limit, calls.length), 0),
          );
          expect(caps.reduce((sum, cap) => sum + cap, 0)).toBeLessThanOrEqual(Math.max(limit, all) + calls.length);
          expect(caps.reduce((sum, cap) => sum + cap, 0)).toBeGreaterThanOrEqual(limit);
        },
      ),
    );
  });
});
