import { describe, expect, test } from '@jest/globals';
import { bandwidthMbps, cpuPercent, createRateReader, pressurePercent } from './counter-rates.ts';

test('compares each reading with the previous one; keeps the last figure if the readings give none', async () => {
  const readings = [10, 13, 5, 6, undefined, 8].map((count) => (count === undefined ? undefined : { count }));
  const growth = createRateReader(
    () => Promise.resolve(readings.shift()),
    (before, after) => after.count - before.count,
  );
  const figures = [await growth(), await growth(), await growth(), await growth(), await growth(), await growth()];
  expect(figures).toEqual([0, 3, 3, 1, undefined, 2]);
});

describe('CPU between two samples', () => {
  const before = { usedSeconds: 100, elapsedSeconds: 1000, cpus: 2 };

  test.each([
    ['is 0 without use', { usedSeconds: 100, elapsedSeconds: 1005, cpus: 2 }, 0],
    ['half of two CPUs for 5 s', { usedSeconds: 105, elapsedSeconds: 1005, cpus: 2 }, 50],
    ['a quota of a quarter CPU, half used', { usedSeconds: 101.25, elapsedSeconds: 1010, cpus: 0.25 }, 50],
    ['is 100 with full use', { usedSeconds: 110, elapsedSeconds: 1005, cpus: 2 }, 100],
    ['a burst above the quota', { usedSeconds: 115, elapsedSeconds: 1005, cpus: 2 }, 100],
    ['no time passed', { usedSeconds: 101, elapsedSeconds: 1000, cpus: 2 }, undefined],
    ['the clock restarted', { usedSeconds: 101, elapsedSeconds: 3, cpus: 2 }, undefined],
    ['the counter restarted', { usedSeconds: 1, elapsedSeconds: 1005, cpus: 2 }, undefined],
  ])('%s', (_what, after, expected) => {
    expect(cpuPercent(before, after)).toBe(expected);
  });
});

describe('CPU pressure between two samples', () => {
  test.each([
    ['no task waited', 0, 5_000, 0],
    ['a task waited for half a second in five', 500, 5_000, 10],
    ['a stall ends that started before the first sample', 6_000, 5_000, 100],
    ['no time has passed', 0, 0, undefined],
    ['the counter restarted', -1, 5_000, undefined],
  ])('%s', (_what, stalledMs, elapsedMs, expected) => {
    const before = { stalledMs: 70_000, monotonicMs: 1_000 };
    const after = { stalledMs: 70_000 + stalledMs, monotonicMs: 1_000 + elapsedMs };
    expect(pressurePercent(before, after)).toBe(expected);
  });
});

describe('bandwidth between two samples 5 s apart', () => {
  const before = { receivedBytes: 5_000_000, sentBytes: 1_000_000, monotonicMs: 10_000 };

  test.each([
    ['is 0 without traffic', 0, 0, 5_000, 0],
    ['is that of the sent traffic if this is larger', 1_000_000, 2_000_000, 5_000, 3.2],
    ['is that of the received traffic if this is larger', 2_000_000, 1_000_000, 5_000, 3.2],
    ['125 MB a second is a gigabit', 625_000_000, 0, 5_000, 1_000],
    ['uses the time that has really passed', 1_000_000, 0, 8_000, 1],
    ['no time passed', 1_000, 1_000, 0, undefined],
    ['the received counter decreased', -1, 2_000_000, 5_000, undefined],
    ['the sent counter decreased', 2_000_000, -1, 5_000, undefined],
  ])('%s', (_what, received, sent, elapsedMs, expected) => {
    const after = {
      receivedBytes: before.receivedBytes + received,
      sentBytes: before.sentBytes + sent,
      monotonicMs: before.monotonicMs + elapsedMs,
    };
    expect(bandwidthMbps(before, after)).toBe(expected);
  });
});
