import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '@turn-router/testing';
import { createReconnectDelay, reconnectSpreadMs } from './reconnect-delay.ts';

type Outage = { backAtMs: number; attemptTakesMs: number };

/** Returns when a client that lost Redis at 0 reconnects, ms: its first attempt at `backAtMs` or later. */
function connectTime(random: () => number, { backAtMs, attemptTakesMs }: Outage): number {
  let nowMs = 0;
  const delayMs = createReconnectDelay({ random, monotonicNowMs: () => nowMs });
  for (let attempt = 1; ; attempt += 1) {
    nowMs += delayMs(attempt);
    if (nowMs >= backAtMs) return nowMs;
    nowMs += attemptTakesMs;
  }
}

/** Reconnect times of fleets of 64 clients each. */
function connectTimes(fleets: number, outage: Outage): number[][] {
  // One random source for all clients: sources with adjacent seeds spread more evenly than random ones.
  const random = seededRandom(1);
  return Array.from({ length: fleets }, () => Array.from({ length: 64 }, () => connectTime(random, outage)));
}

const outages: Outage[] = [0, 100, 700, 1500, 2000, 60_000].flatMap((backAtMs) =>
  [1, 1000].map((attemptTakesMs) => ({ backAtMs, attemptTakesMs })),
);

/** Returns the largest number of these times within any interval of this length. */
function mostWithin(momentsMs: readonly number[], stretchMs: number): number {
  const within = (startMs: number) => momentsMs.filter((atMs) => atMs >= startMs && atMs < startMs + stretchMs).length;
  return Math.max(...momentsMs.map((startMs) => within(startMs)));
}

describe('64 clients that lose Redis at once', () => {
  test.each(outages)('reconnect within the spread: %j', (outage) => {
    const times = connectTimes(20, outage).flat();
    expect(Math.max(...times)).toBeLessThanOrEqual(outage.backAtMs + reconnectSpreadMs);
  });

  test.each(outages)('reconnect at most a fifth at a time in any 100 ms, in 19 of 20 fleets: %j', (outage) => {
    const fleets = connectTimes(200, outage);
    const crowded = fleets.filter((times) => mostWithin(times, 100) > 64 * 0.2);
    expect(crowded.length).toBeLessThanOrEqual(200 / 20);
  });
});

test('a client keeps its phase when an attempt takes longer than the spread', () => {
  let nowMs = 0;
  const delayMs = createReconnectDelay({ random: () => 0.2, monotonicNowMs: () => nowMs });
  expect(delayMs(1)).toBe(300);
  nowMs = 300 + 4000;
  expect(delayMs(2)).toBe(500);
});
