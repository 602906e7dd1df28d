import { describe, expect, test } from '@jest/globals';
import { cpuPercent } from './cpu-percent.ts';

const before = { usedSeconds: 100, elapsedSeconds: 1000, cpus: 2 };

describe('CPU between two samples', () => {
  test.each([
    ['idle', { usedSeconds: 100, elapsedSeconds: 1005, cpus: 2 }, 0],
    ['half of two CPUs for 5 s', { usedSeconds: 105, elapsedSeconds: 1005, cpus: 2 }, 50],
    ['a quota of a quarter CPU, half used', { usedSeconds: 101.25, elapsedSeconds: 1010, cpus: 0.25 }, 50],
    ['all', { usedSeconds: 110, elapsedSeconds: 1005, cpus: 2 }, 100],
    ['a burst above the quota', { usedSeconds: 115, elapsedSeconds: 1005, cpus: 2 }, 100],
    ['no time passed', { usedSeconds: 101, elapsedSeconds: 1000, cpus: 2 }, undefined],
    ['the clock began anew', { usedSeconds: 101, elapsedSeconds: 3, cpus: 2 }, undefined],
    ['the counter began anew', { usedSeconds: 1, elapsedSeconds: 1005, cpus: 2 }, undefined],
  ])('%s', (_what, after, expected) => {
    expect(cpuPercent(before, after)).toBe(expected);
  });
});
