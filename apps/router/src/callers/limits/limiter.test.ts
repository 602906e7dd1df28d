import { describe, expect, test } from '@jest/globals';
import type { LimitContext } from './bucket.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { limitsOn, type LimitedId } from './limit-subject.ts';

const only = (nowMs: number): LimitContext => ({ nowMs, replicas: 1, aloneSinceMs: undefined });
const address = (id: string, perMinute = 3): LimitedId => ({ kind: 'address', id, perMinute });
const user = (id: string, perMinute = 3): LimitedId => ({ kind: 'user', id, perMinute });

/** How many of so many calls pass. */
function passing(limiter: Limiter, limits: readonly LimitedId[], calls: number, nowMs = 0): number {
  return Array.from({ length: calls }, () => limiter.judge(limits, only(nowMs))).filter(({ isRefused }) => !isRefused)
    .length;
}

describe('the limiter of one router', () => {
  test('accepts calls up to the limit, and again when they are over a minute old', () => {
    const limiter = createLimiter();
    expect(passing(limiter, [address('192.0.2.1')], 10)).toBe(3);
    expect(passing(limiter, [address('192.0.2.1')], 10, 60_999)).toBe(0);
    expect(passing(limiter, [address('192.0.2.1')], 10, 61_000)).toBe(3);
  });

  test('applies a changed limit', () => {
    const limiter = createLimiter();
    expect(passing(limiter, [address('192.0.2.1', 3)], 10)).toBe(3);
    expect(passing(limiter, [address('192.0.2.1', 5)], 10)).toBe(2);
    expect(passing(limiter, [address('192.0.2.1', 1)], 10)).toBe(0);
  });

  test('treats each IPv6 /64 as one caller', () => {
    const limiter = createLimiter();
    const hopping = Array.from({ length: 1000 }, (_, index) => `2001:db8:0:1::${index.toString(16)}`);
    expect(hopping.reduce((sum, id) => sum + passing(limiter, [address(id)], 1), 0)).toBe(3);
    expect(passing(limiter, [address('2001:db8:0:2::1')], 10)).toBe(3);
    expect(limiter.countBuckets()).toBe(2);
  });

  test('keeps kinds apart', () => {
    const limiter = createLimiter();
    expect(passing(limiter, [user('192.0.2.1')], 10)).toBe(3);
    expect(passing(limiter, [{ ...user('192.0.2.1'), kind: 'key' }], 10)).toBe(3);
  });

  test('does not count a refused call against other limits', () => {
    const limiter = createLimiter();
    expect(passing(limiter, [address('192.0.2.1', 5), user('alice', 2)], 10)).toBe(2);
    expect(passing(limiter, [address('192.0.2.1', 5)], 10)).toBe(3);
  });

  test('returns the state of each limit, and when to retry', () => {
    const limiter = createLimiter();
    const limits = [address('192.0.2.1', 3), user('alice', 1)];
    expect(limiter.judge(limits, only(500))).toMatchObject({
      isRefused: false,
      states: [
        { kind: 'address', remaining: 2, resetSeconds: 60 },
        { kind: 'user', remaining: 0, resetSeconds: 60 },
      ],
    });
    expect(limiter.judge(limits, only(10_500))).toMatchObject({
      isRefused: true,
      states: [
        { kind: 'address', remaining: 1, resetSeconds: 51, isRefused: false },
        { kind: 'user', remaining: 0, resetSeconds: 51, isRefused: true },
      ],
    });
  });

  test('reports the first refusal of a limit in a minute for the log', () => {
    const limiter = createLimiter();
    const newsAt = (nowMs: number) => limiter.judge([address('192.0.2.1', 1)], only(nowMs)).shouldLog;
    expect([0, 1, 2, 60_000, 60_001, 61_500, 61_501].map(newsAt)).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  test('keeps the last used half of its maximum, and drops other buckets', () => {
    const limiter = createLimiter(6);
    for (const id of ['a', 'b', 'c', 'd']) expect(passing(limiter, [user(id)], 3)).toBe(3);
    expect(passing(limiter, [user('a')], 1)).toBe(0);
    for (const id of ['e', 'f']) expect(passing(limiter, [user(id)], 3)).toBe(3);
    expect(passing(limiter, [user('a')], 1)).toBe(0);
    expect(passing(limiter, [user('b')], 1)).toBe(1);
    expect(limiter.countBuckets()).toBeLessThanOrEqual(6);
  });

  test('bounds the memory that a flood of callers takes', () => {
    const limiter = createLimiter(1_000);
    for (let index = 0; index < 100_000; index += 1) limiter.judge([user(`u${index}`)], only(index));
    expect(limiter.countBuckets()).toBeLessThanOrEqual(1_000);
    expect(limiter.report(only(100_000), 2_000_000)).toHaveLength(limiter.countBuckets());
  });
});

describe('the limits on a subject', () => {
  const limits = {
    perKeyPerMinute: 1,
    perUserPerMinute: 2,
    perAddressPerMinute: 3,
    anonymousPerAddressPerMinute: 2,
  };
  const subject = { keyId: 'k', user: 'u', address: '192.0.2.1' };

  test.each<[why: string, ...Parameters<typeof limitsOn>, on: [string, number][]]>([
    [
      'all that is known of it',
      subject,
      { limits },
      [
        ['address', 3],
        ['key', 1],
        ['user', 2],
      ],
    ],
    ['what is not known is not limited', { user: 'u' }, { limits }, [['user', 2]]],
    ['0 is no limit', subject, { limits: { ...limits, perUserPerMinute: 0, perKeyPerMinute: 0 } }, [['address', 3]]],
    ['a bound of its own comes first', { keyId: 'k', perMinute: { key: 9 } }, { limits }, [['key', 9]]],
    ['so does having none', { keyId: 'k', perMinute: { key: 0 } }, { limits }, []],
    [
      'an anonymous caller: limits of the address',
      { address: '192.0.2.1', isAnonymous: true },
      { limits },
      [
        ['address', 3],
        ['anonymous', 2],
      ],
    ],
  ])('%s', (_why, who, policy, on) => {
    expect(limitsOn(who, policy).map(({ kind, perMinute }) => [kind, perMinute])).toEqual(on);
  });
});
