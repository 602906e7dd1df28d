import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  agedCalls,
  callsWithin,
  countCall,
  emptyWindow,
  untilBelowMs,
  untilOldestLeavesMs,
  type CallWindow,
} from './call-window.ts';

function windowOf(...callsAtMs: readonly number[]): CallWindow {
  const window = emptyWindow();
  for (const atMs of callsAtMs) countCall(window, atMs);
  return window;
}

describe('the calls of the last minute', () => {
  test.each([
    ['in the same second', 0, 999, 1],
    ['60 s later', 0, 60_000, 1],
    ['at the end of the sixtieth second after', 0, 60_999, 1],
    ['a second later', 0, 61_000, 0],
    ['60 s after a call at the end of a second', 999, 60_999, 1],
    ['one millisecond more', 999, 61_000, 0],
  ])('a call counts %s: at %d ms, asked at %d ms', (_when, callMs, nowMs, calls) => {
    expect(callsWithin(windowOf(callMs), nowMs)).toBe(calls);
  });

  test('computes the wait until enough calls have left', () => {
    const window = windowOf(0, 500, 1_000, 5_000);
    expect(untilOldestLeavesMs(window, 10_000)).toBe(51_000);
    expect(untilBelowMs(window, 5, 10_000)).toBe(0);
    expect(untilBelowMs(window, 4, 10_000)).toBe(51_000);
    expect(untilBelowMs(window, 2, 10_000)).toBe(52_000);
    expect(untilBelowMs(window, 1, 10_000)).toBe(56_000);
    expect(untilBelowMs(window, 0, 10_000)).toBe(61_000);
  });

  test('returns calls by age', () => {
    expect(agedCalls(windowOf(0, 500, 1_000, 5_000), 60_999)).toEqual([
      { ageSlots: 60, calls: 2 },
      { ageSlots: 59, calls: 1 },
      { ageSlots: 55, calls: 1 },
    ]);
  });

  test('counts every call of the last 60 s, and no call older than 61 s', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 })), (gapsMs) => {
        const window = emptyWindow();
        const callsAtMs: number[] = [];
        let nowMs = 0;
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          countCall(window, nowMs);
          callsAtMs.push(nowMs);
        }
        const younger = (thanMs: number) => callsAtMs.filter((atMs) => nowMs - atMs < thanMs).length;
        expect(callsWithin(window, nowMs)).toBeGreaterThanOrEqual(younger(60_000));
        expect(callsWithin(window, nowMs)).toBeLessThanOrEqual(younger(61_000));
        expect(window.slots.length).toBeLessThanOrEqual(2 * 61);
      }),
    );
  });
});
