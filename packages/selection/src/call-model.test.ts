import { describe, expect, test } from '@jest/globals';
import { callModelFrom, createCallSums, addInterval, type CallModel, type ReportInterval } from './call-model.ts';

const assumed = { meanSeconds: 90, bandwidthMbps: 2 };

function modelAfter(intervals: readonly ReportInterval[], calls = assumed): CallModel {
  const sums = createCallSums(0);
  let nowMs = 0;
  for (const interval of intervals) {
    nowMs += interval.durationMs;
    addInterval(sums, interval, nowMs);
  }
  return callModelFrom(sums, calls);
}

/** Number of intervals, 5 s each. */
const hour = (each: ReportInterval) => Array.from({ length: 720 }, () => each);

test('uses the policy’s assumptions before any report', () => {
  expect(modelAfter([])).toEqual({ meanCallMs: 90_000, callMbps: 2, credentialMbps: 2 });
});

describe('one interval', () => {
  const steady = { durationMs: 10_000, workBeforeMbps: 300, workAfterMbps: 300, credentials: 30 };

  test('with counted allocations corrects length and work; the assumption weighs as much as 20 calls', () => {
    const model = modelAfter([{ ...steady, allocations: { before: 100, after: 100, started: 20 } }]);
    // 100 calls for 10 s, and 20 of them ended; 300 Mbit/s of 100 calls.
    const meanCallMs = (1_000_000 + 20 * 90_000) / (20 + 20);
    expect(model.meanCallMs).toBeCloseTo(meanCallMs, 6);
    expect(model.callMbps).toBeCloseTo(3, 9);
    expect(model.credentialMbps).toBeCloseTo(((300 * 10_000) / meanCallMs + 20 * 2) / (30 + 20), 9);
  });

  test('counts started allocations that are no longer live as ended', () => {
    const model = modelAfter([{ ...steady, allocations: { before: 100, after: 90, started: 10 } }]);
    expect(model.meanCallMs).toBeCloseTo((950_000 + 20 * 90_000) / (20 + 20), 6);
  });

  test('counts no calls as ended when the live allocations grew by more than started', () => {
    const model = modelAfter([{ ...steady, allocations: { before: 100, after: 120, started: 10 } }]);
    expect(model.meanCallMs).toBeCloseTo((1_100_000 + 20 * 90_000) / 20, 6);
  });

  test('without counters keeps the assumed length and counts a credential as one call', () => {
    const model = modelAfter([steady]);
    const credentialMbps = ((300 * 10_000) / 90_000 + 20 * 2) / (30 + 20);
    expect(model.meanCallMs).toBe(90_000);
    expect(model.credentialMbps).toBeCloseTo(credentialMbps, 9);
    expect(model.callMbps).toBeCloseTo(credentialMbps, 9);
  });

  test('counts growth as new work', () => {
    const model = modelAfter([{ ...steady, workBeforeMbps: 280, workAfterMbps: 320 }]);
    expect(model.credentialMbps).toBeCloseTo(((300 * 10_000) / 90_000 + 40 + 20 * 2) / (30 + 20), 9);
  });

  test('with falling work never makes the work per credential negative', () => {
    const model = modelAfter([{ ...steady, workBeforeMbps: 3000, workAfterMbps: 0 }]);
    expect(model.credentialMbps).toBeCloseTo((20 * 2) / (30 + 20), 9);
  });
});

describe('an hour of steady calls: 10 a second of 240 s and 2.5 Mbit/s, one out of 4 credentials', () => {
  const interval = { durationMs: 5000, workBeforeMbps: 6000, workAfterMbps: 6000, credentials: 200 };
  const counted = { ...interval, allocations: { before: 2400, after: 2400, started: 50 } };

  test.each([
    ['a tenth of the truth', { meanSeconds: 24, bandwidthMbps: 0.25 }],
    ['the truth', { meanSeconds: 240, bandwidthMbps: 2.5 }],
    ['ten times the truth', { meanSeconds: 2400, bandwidthMbps: 25 }],
  ])('is learnt to within 5 %% when the policy assumes %s', (_, calls) => {
    const { meanCallMs, callMbps, credentialMbps } = modelAfter(hour(counted), calls);
    expect(Math.abs(meanCallMs / 240_000 - 1)).toBeLessThan(0.05);
    expect(callMbps).toBeCloseTo(2.5, 9);
    expect(Math.abs(credentialMbps / 0.625 - 1)).toBeLessThan(0.05);
  });

  test('without counters gives the right work per credential if the assumed length is right', () => {
    const model = modelAfter(hour(interval), { meanSeconds: 240, bandwidthMbps: 2 });
    expect(model.meanCallMs).toBe(240_000);
    expect(Math.abs(model.credentialMbps / 0.625 - 1)).toBeLessThan(0.01);
    expect(model.callMbps).toBe(model.credentialMbps);
  });

  test('has no effect after another hour of calls of 60 s', () => {
    const short = {
      ...interval,
      workBeforeMbps: 1500,
      workAfterMbps: 1500,
      allocations: { before: 600, after: 600, started: 50 },
    };
    const model = modelAfter([...hour(counted), ...hour(short)]);
    expect(Math.abs(model.meanCallMs / 60_000 - 1)).toBeLessThan(0.02);
    expect(Math.abs(model.credentialMbps / 0.625 - 1)).toBeLessThan(0.02);
  });
});

describe('work of credentials that no router issued', () => {
  const foreign = { durationMs: 5000, workBeforeMbps: 9000, workAfterMbps: 9000, credentials: 1 };

  test('raises the work per credential to at most eight counted calls', () => {
    const model = modelAfter(hour({ ...foreign, allocations: { before: 3000, after: 3000, started: 50 } }));
    expect(model.callMbps).toBeCloseTo(3, 9);
    expect(model.credentialMbps).toBeCloseTo(24, 9);
  });

  test('raises it to at most eight assumed calls if none are counted', () => {
    expect(modelAfter(hour(foreign)).credentialMbps).toBe(16);
  });
});
