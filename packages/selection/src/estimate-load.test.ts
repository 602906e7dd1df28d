import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cautiousLoad, estimateWorkMbps } from './estimate-load.ts';

const meanCallMs = 60_000;
const calls = { meanCallMs, callMbps: 2 };
const halfLifeMs = meanCallMs * Math.LN2;

describe('the estimated work', () => {
  test.each([
    ['a fresh report', { reportedMbps: 400, reportAgeMs: 0, issuedMbps: 0 }, 400],
    ['half of the reported work after a half-life', { reportedMbps: 400, reportAgeMs: halfLifeMs, issuedMbps: 0 }, 200],
    ['1/e of it after a mean call', { reportedMbps: 400, reportAgeMs: meanCallMs, issuedMbps: 0 }, 400 / Math.E],
    ['plus the issued work', { reportedMbps: 400, reportAgeMs: halfLifeMs, issuedMbps: 30 }, 230],
    ['0 for an idle node', { reportedMbps: 0, reportAgeMs: 1e9, issuedMbps: 0 }, 0],
  ])('is %s', (_, work, workMbps) => {
    expect(estimateWorkMbps(work, meanCallMs)).toBeCloseTo(workMbps, 9);
  });
});

describe('the cautious load', () => {
  test.each([
    ['the reported load for a fresh report', { reportedMbps: 400, reportAgeMs: 0, issuedMbps: 0 }, 0.4],
    [
      'more with issued work',
      { reportedMbps: 0, reportAgeMs: 0, issuedMbps: 50 },
      0.05 + (2 * Math.sqrt(2 * 50)) / 1000,
    ],
    [
      'more with an older report',
      { reportedMbps: 400, reportAgeMs: halfLifeMs, issuedMbps: 0 },
      0.2 + (2 * Math.sqrt(2 * 100)) / 1000,
    ],
    [
      'more with both',
      { reportedMbps: 400, reportAgeMs: halfLifeMs, issuedMbps: 28 },
      0.228 + (2 * Math.sqrt(2 * 128)) / 1000,
    ],
  ])('is %s', (_, work, load) => {
    expect(cautiousLoad(work, 1000, calls)).toBeCloseTo(load, 9);
  });

  test('has a larger margin for a small node than for a large one', () => {
    const small = cautiousLoad({ reportedMbps: 0, reportAgeMs: 0, issuedMbps: 10 }, 100, calls);
    const large = cautiousLoad({ reportedMbps: 0, reportAgeMs: 0, issuedMbps: 100 }, 1000, calls);
    expect(small).toBeGreaterThan(large);
  });
});

describe('for all figures', () => {
  const mbps = fc.double({ min: 0, max: 1e5, noNaN: true });
  const ageMs = fc.double({ min: 0, max: 1e7, noNaN: true });
  const work = fc.record({ reportedMbps: mbps, reportAgeMs: ageMs, issuedMbps: mbps });

  test('an older report never means more work', () => {
    fc.assert(
      fc.property(work, ageMs, (fresh, olderByMs) => {
        const older = { ...fresh, reportAgeMs: fresh.reportAgeMs + olderByMs };
        expect(estimateWorkMbps(older, meanCallMs)).toBeLessThanOrEqual(estimateWorkMbps(fresh, meanCallMs));
      }),
    );
  });

  test('issued work adds to the work, and at least as much to the load', () => {
    fc.assert(
      fc.property(work, mbps, (before, addedMbps) => {
        const after = { ...before, issuedMbps: before.issuedMbps + addedMbps };
        expect(estimateWorkMbps(after, meanCallMs)).toBeCloseTo(estimateWorkMbps(before, meanCallMs) + addedMbps, 6);
        const addedLoad = cautiousLoad(after, 1000, calls) - cautiousLoad(before, 1000, calls);
        expect(addedLoad).toBeGreaterThanOrEqual(addedMbps / 1000 - 1e-9);
      }),
    );
  });

  test('the cautious load is never below the load without a margin', () => {
    fc.assert(
      fc.property(work, (known) => {
        expect(cautiousLoad(known, 1000, calls)).toBeGreaterThanOrEqual(estimateWorkMbps(known, meanCallMs) / 1000);
      }),
    );
  });

  test('the load does not depend on the unit of capacity, work and calls', () => {
    // With a power of two every product is exact.
    fc.assert(
      fc.property(work, fc.constantFrom(2 ** -10, 0.5, 2, 2 ** 20), ({ reportedMbps, reportAgeMs, issuedMbps }, k) => {
        const scaled = { reportedMbps: reportedMbps * k, reportAgeMs, issuedMbps: issuedMbps * k };
        expect(cautiousLoad(scaled, 1000 * k, { meanCallMs, callMbps: 2 * k })).toBeCloseTo(
          cautiousLoad({ reportedMbps, reportAgeMs, issuedMbps }, 1000, calls),
          12,
        );
      }),
    );
  });
});
