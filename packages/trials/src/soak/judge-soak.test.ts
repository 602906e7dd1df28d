import { describe, expect, test } from '@jest/globals';
import { judgeSoak, warmUpMs } from './judge-soak.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Shape = { totalMs?: number; heldMibAt?: (hours: number) => number; descriptorsAt?: (hours: number) => number };

const flat = (value: number) => () => value;

/** Returns a sample for every ten seconds. Garbage makes memory swing by 20 MiB above the held memory. */
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

describe('judgeSoak of a run of an hour', () => {
  test('finds no fault when the held memory is constant and garbage comes and goes', () => {
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
    [1.2, ['resident memory grows by 1.20 MiB per hour, expected at most 1']],
  ])('judges a growth of %d MiB per hour: %j', (slope, faults) => {
    const samples = samplesOf({ heldMibAt: (hours: number) => 100 + slope * hours });
    expect(judgeSoak(samples, wellCalled).faults).toEqual(faults);
  });

  test('ignores growth during the warm-up', () => {
    expect(judgeSoak(samplesOf({ heldMibAt: warmingUp }), wellCalled).faults).toEqual([]);
  });

  test('reports failed calls and growing descriptors', () => {
    const samples = samplesOf({ descriptorsAt: (hours: number) => 40 + Math.floor(5 * hours) });
    expect(judgeSoak(samples, { ...wellCalled, failedCalls: 1 })).toMatchObject({
      availability: 0.999,
      faults: ['1 of 1000 calls were not answered with relays', 'open descriptors grew from 40 to 43'],
    });
  });

  test('reports a run without a call as a fault', () => {
    expect(judgeSoak(samplesOf(), { ...wellCalled, calls: 0 })).toMatchObject({
      availability: 0,
      faults: ['no call was made'],
    });
  });
});

test('judgeSoak reports the memory growth of a short run without judging it', () => {
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
])('warmUpMs of a run of %d ms is %d ms', (totalMs, expected) => {
  expect(warmUpMs(totalMs)).toBe(expected);
});
