import { describe, expect, test } from '@jest/globals';
import { judgeSoak, warmUpMs } from './judge-soak.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Shape = { totalMs?: number; heldMibAt?: (hours: number) => number; descriptorsAt?: (hours: number) => number };

const flat = (value: number) => () => value;

/** A sample each ten seconds: memory swings by 20 MiB, as garbage comes and goes, above what is held. */
function samplesOf({ totalMs = hourMs, heldMibAt = flat(100), descriptorsAt = flat(40) }: Shape = {}) {
  return Array.from({ length: totalMs / 10_000 }, (_, index) => {
    const atMs = index * 10_000;
    const hours = atMs / hourMs;
    const [residentMib, descriptors] = [heldMibAt(hours) + (index % 10) * 2, descriptorsAt(hours) + (index % 3)];
    return { atMs, residentMib, anonymousMib: residentMib / 2, descriptors };
  });
}
const wellCalled = { calls: 1000, failedCalls: 0, totalMs: hourMs };
const warmingUp = (hours: number) => (hours < 1 / 6 ? 60 : 100);

describe('judgeSoak, of an hour', () => {
  test('is content with what stands still, however it swings', () => {
    const verdict = judgeSoak(samplesOf(), wellCalled);
    expect(verdict).toMatchObject({
      availability: 1,
      isMemoryJudged: true,
      descriptors: { first: 40, last: 40 },
      faults: [],
    });
    expect(verdict.memoryMibPerHour).toBeCloseTo(0, 1);
  });

  test.each([
    [0.9, []],
    [1.2, ['resident memory grows by 1.20 MiB an hour, more than 1']],
  ])('a slope of %d MiB an hour', (slope, faults) => {
    const samples = samplesOf({ heldMibAt: (hours: number) => 100 + slope * hours });
    expect(judgeSoak(samples, wellCalled).faults).toEqual(faults);
  });

  test('does not count what the warm-up takes', () => {
    expect(judgeSoak(samplesOf({ heldMibAt: warmingUp }), wellCalled).faults).toEqual([]);
  });

  test('names each failed call, and descriptors that grow', () => {
    const samples = samplesOf({ descriptorsAt: (hours: number) => 40 + Math.floor(5 * hours) });
    expect(judgeSoak(samples, { ...wellCalled, failedCalls: 1 })).toMatchObject({
      availability: 0.999,
      faults: ['1 of 1000 calls were not answered with relays', 'open descriptors grew from 40 to 43'],
    });
  });

  test('without a call is no success', () => {
    expect(judgeSoak(samplesOf(), { ...wellCalled, calls: 0 })).toMatchObject({
      availability: 0,
      faults: ['no call was made'],
    });
  });
});

test('a short run says its slope and does not judge it', () => {
  const totalMs = 3 * minuteMs;
  const samples = samplesOf({ totalMs, heldMibAt: (hours: number) => 100 + 60 * hours });
  const verdict = judgeSoak(samples, { ...wellCalled, totalMs });
  expect(verdict).toMatchObject({ isMemoryJudged: false, faults: [] });
  expect(verdict.memoryMibPerHour).toBeGreaterThan(30);
});

test.each([
  [hourMs, 10 * minuteMs],
  [3 * hourMs, 10 * minuteMs],
  [6 * minuteMs, minuteMs],
])('of %d ms, the first %d warm up', (totalMs, expected) => {
  expect(warmUpMs(totalMs)).toBe(expected);
});
