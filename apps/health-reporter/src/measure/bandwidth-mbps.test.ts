import { describe, expect, test } from '@jest/globals';
import { bandwidthMbps } from './bandwidth-mbps.ts';

const before = { receivedBytes: 5_000_000, sentBytes: 1_000_000, monotonicMs: 10_000 };

describe('bandwidth between two samples 5 s apart', () => {
  test.each([
    ['silence', 0, 0, 5_000, 0],
    ['1 MB in and 2 MB out: the larger counts', 1_000_000, 2_000_000, 5_000, 3.2],
    ['2 MB in and 1 MB out: the larger counts', 2_000_000, 1_000_000, 5_000, 3.2],
    ['125 MB a second is a gigabit', 625_000_000, 0, 5_000, 1_000],
    ['the time that has really passed counts', 1_000_000, 0, 8_000, 1],
    ['no time passed', 1_000, 1_000, 0, undefined],
    ['the received counter went back', -1, 2_000_000, 5_000, undefined],
    ['the sent counter went back', 2_000_000, -1, 5_000, undefined],
  ])('%s', (_what, received, sent, elapsedMs, expected) => {
    const after = {
      receivedBytes: before.receivedBytes + received,
      sentBytes: before.sentBytes + sent,
      monotonicMs: before.monotonicMs + elapsedMs,
    };
    expect(bandwidthMbps(before, after)).toBe(expected);
  });
});
