import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { policyWith, relayNode } from './fleet.fixture.ts';
import { countIssuedTo, createNodeTrack, loadAt, startFrom, takeReport, rereadReport, workAt } from './node-track.ts';

const model = { meanCallMs: 60_000, callMbps: 2, credentialMbps: 1 };
/** A region that bounds nothing. */
const figures = { model, usualPart: 1, usualRatio: 1, unprovenMbps: Number.POSITIVE_INFINITY, replicas: 1 };
const halfLifeMs = model.meanCallMs * Math.LN2;

/** Plays the reports of a node of 1000 Mbit/s, one every 5 s. Returns the reason why the node is implausible after each report; undefined if it is plausible. */
function reasonsAfter(reports: readonly Partial<NodeReport>[], credentialsPerReport: number) {
  const [first = {}, ...rest] = reports;
  const track = createNodeTrack(relayNode(first), 0);
  const reasons = [track.doubt];
  for (const [index, report] of rest.entries()) {
    const nowMs = (index + 1) * 5000;
    countIssuedTo(track, credentialsPerReport, model.meanCallMs, nowMs - 2500);
    takeReport(track, relayNode(report), figures, nowMs);
    reasons.push(track.doubt);
  }
  return reasons;
}

describe('the work of a node', () => {
  test('is the reported and the issued work, each without the part that has ended', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 400 }), 0);
    expect(workAt(track, model, 0)).toBe(400);
    countIssuedTo(track, 100, model.meanCallMs, 0);
    expect(workAt(track, model, 0)).toBe(500);
    expect(workAt(track, model, halfLifeMs)).toBeCloseTo(250, 9);
    countIssuedTo(track, 30, model.meanCallMs, halfLifeMs);
    expect(workAt(track, model, halfLifeMs)).toBeCloseTo(280, 9);
    expect(workAt(track, model, 2 * halfLifeMs)).toBeCloseTo(140, 9);
  });

  test('counts issued credentials with the current work per credential', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 400 }), 0);
    countIssuedTo(track, 100, model.meanCallMs, 0);
    expect(workAt(track, { ...model, credentialMbps: 0.2 }, 0)).toBeCloseTo(420, 9);
  });

  test('is the work in the next report, without the work issued before that report', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 400 }), 0);
    countIssuedTo(track, 100, model.meanCallMs, 1000);
    takeReport(track, relayNode({ bandwidth_mbps: 450 }), figures, 5000);
    expect(workAt(track, model, 5000)).toBe(450);
    expect(loadAt(track, model, 5000)).toBe(0.45);
  });

  test.each([
    ['bandwidth', { bandwidth_mbps: 401 }],
    ['cpu', { bandwidth_mbps: 400, cpu: 1 }],
    ['allocations', { bandwidth_mbps: 400, allocations: 1 }],
  ])('restarts from the report when only %s has changed', (_, report) => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 400 }), 0);
    countIssuedTo(track, 100, model.meanCallMs, 0);
    const node = relayNode(report);
    takeReport(track, node, figures, 5000);
    expect(workAt(track, model, 5000)).toBe(node.bandwidthMbps);
  });

  test('keeps the issued work after a report with unchanged figures', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 400 }), 0);
    countIssuedTo(track, 8, model.meanCallMs, 0);
    takeReport(track, relayNode({ bandwidth_mbps: 400 }), figures, halfLifeMs);
    expect(workAt(track, model, halfLifeMs)).toBeCloseTo(204, 9);
  });
});

describe('the interval of a report', () => {
  const counted = { allocations: 50, allocations_started: 700, boot_id: 'a' };

  test('covers the time since the previous report', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 100, ...counted }), 1000);
    countIssuedTo(track, 5, model.meanCallMs, 2000);
    countIssuedTo(track, 3, model.meanCallMs, 3000);
    const after = { bandwidth_mbps: 120, ...counted, allocations: 60, allocations_started: 740 };
    expect(takeReport(track, relayNode(after), figures, 6000)).toEqual({
      durationMs: 5000,
      workBeforeMbps: 100,
      workAfterMbps: 120,
      credentials: 8,
      allocations: { before: 50, after: 60, started: 40 },
    });
    expect(takeReport(track, relayNode({ ...after, bandwidth_mbps: 110 }), figures, 12_000)).toEqual({
      durationMs: 6000,
      workBeforeMbps: 120,
      workAfterMbps: 110,
      credentials: 0,
      allocations: { before: 60, after: 60, started: 0 },
    });
  });

  test('is also returned for a report with unchanged figures', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 100 }), 0);
    countIssuedTo(track, 5, model.meanCallMs, 0);
    expect(takeReport(track, relayNode({ bandwidth_mbps: 100 }), figures, 5000)).toMatchObject({
      durationMs: 5000,
      credentials: 5,
    });
  });

  test.each<[string, Partial<NodeReport>, Partial<NodeReport>]>([
    ['the reporter restarted', counted, { ...counted, boot_id: 'b', allocations_started: 701 }],
    ['the counter fell', counted, { ...counted, allocations_started: 699 }],
    ['there is no counter', { allocations: 50 }, { allocations: 60 }],
    ['the counter is new', { allocations: 50 }, counted],
    ['the counter is missing', counted, { allocations: 50 }],
    ['live allocations are not reported', { allocations_started: 1 }, { allocations_started: 2 }],
  ])('has no allocations when %s', (_, before, after) => {
    const track = createNodeTrack(relayNode(before), 0);
    expect(takeReport(track, relayNode({ ...after, bandwidth_mbps: 1 }), figures, 5000)).toEqual({
      durationMs: 5000,
      workBeforeMbps: 0,
      workAfterMbps: 1,
      credentials: 0,
      allocations: undefined,
    });
  });

  test('is missing while the node is implausible, and for its first plausible report', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 2500 }), 0);
    expect(takeReport(track, relayNode({ bandwidth_mbps: 2600 }), figures, 5000)).toBeUndefined();
    expect(takeReport(track, relayNode({ bandwidth_mbps: 400 }), figures, 10_000)).toBeUndefined();
    expect(takeReport(track, relayNode({ bandwidth_mbps: 410 }), figures, 15_000)).toMatchObject({
      workAfterMbps: 410,
    });
  });
});

describe('a node that repeats its figures', () => {
  const same = { bandwidth_mbps: 10 };

  test.each([
    ['twice, with 10 calls: implausible', [same, same, same], 10, [undefined, undefined, 'unmoved']],
    [
      'twice, with one credential less than 10 calls: plausible',
      [same, same, same],
      9.5,
      [undefined, undefined, undefined],
    ],
    ['once, with many calls: plausible', [same, same], 1000, [undefined, undefined]],
    ['often, without calls: plausible', [same, same, same, same, same], 0, Array<undefined>(5).fill(undefined)],
    [
      'often, with few calls: implausible after 10 calls',
      [same, same, same, same, same],
      5,
      [undefined, undefined, undefined, undefined, 'unmoved'],
    ],
    [
      'and then changes them: plausible again',
      [same, same, same, { cpu: 1 }],
      10,
      [undefined, undefined, 'unmoved', undefined],
    ],
    [
      'and continues: still implausible',
      [same, same, same, same, same],
      10,
      [undefined, undefined, 'unmoved', 'unmoved', 'unmoved'],
    ],
    ['alternating with others: plausible', [same, same, {}, {}, same, same], 1000, Array<undefined>(6).fill(undefined)],
  ])('%s', (_, reports, credentialsPerReport, reasons) => {
    // Two credentials make one call here.
    expect(reasonsAfter(reports, credentialsPerReport)).toEqual(reasons);
  });

  test('stays implausible when calls stop', () => {
    const track = createNodeTrack(relayNode(same), 0);
    countIssuedTo(track, 100, model.meanCallMs, 0);
    for (const nowMs of [5000, 10_000, 15_000, 20_000]) takeReport(track, relayNode(same), figures, nowMs);
    expect(track.doubt).toBe('unmoved');
  });
});

describe('a node that reports more than it can carry', () => {
  test.each([
    ['up to twice its capacity: plausible', 2000, undefined],
    ['more than twice: implausible at once', 2000.1, 'beyond_capacity'],
  ])('%s', (_, bandwidth_mbps, doubt) => {
    expect(createNodeTrack(relayNode({ bandwidth_mbps }), 0).doubt).toBe(doubt);
    expect(reasonsAfter([{}, { bandwidth_mbps }], 0)).toEqual([undefined, doubt]);
  });

  test('is implausible until the first report within its capacity', () => {
    const reports = [2500, 2600, 2600, 400].map((bandwidth_mbps) => ({ bandwidth_mbps }));
    expect(reasonsAfter(reports, 0)).toEqual(['beyond_capacity', 'beyond_capacity', 'beyond_capacity', undefined]);
  });

  test('is plausible as soon as its capacity is corrected, even with unchanged figures', () => {
    const wrong = { bandwidth_mbps: 2500 };
    expect(reasonsAfter([wrong, { ...wrong, bandwidth_capacity_mbps: 10_000 }], 0)).toEqual([
      'beyond_capacity',
      undefined,
    ]);
  });
});

describe('the estimates of an implausible node', () => {
  test('wait once for the region’s average and continue from it', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 2500 }), 0);
    expect(track.awaitsAverage).toBe(true);
    startFrom(track, 300, model, 1000);
    expect(track.awaitsAverage).toBe(false);
    expect(workAt(track, model, 1000)).toBe(300);
    countIssuedTo(track, 20, model.meanCallMs, 1000);
    takeReport(track, relayNode({ bandwidth_mbps: 2600 }), figures, 6000);
    expect(track.awaitsAverage).toBe(false);
    expect(workAt(track, model, 1000 + halfLifeMs)).toBeCloseTo(160, 9);
  });

  test('wait for it again when the node is implausible again', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 2500 }), 0);
    startFrom(track, 300, model, 0);
    takeReport(track, relayNode({ bandwidth_mbps: 400 }), figures, 5000);
    expect(track.awaitsAverage).toBe(false);
    expect(workAt(track, model, 5000)).toBe(400);
    takeReport(track, relayNode({ bandwidth_mbps: 2500 }), figures, 10_000);
    expect(track.awaitsAverage).toBe(true);
  });

  test('do not wait when a plausible report comes before the average', () => {
    const track = createNodeTrack(relayNode({ bandwidth_mbps: 2500 }), 0);
    takeReport(track, relayNode({ bandwidth_mbps: 400 }), figures, 5000);
    expect(track.awaitsAverage).toBe(false);
  });
});

describe('a node under a changed policy', () => {
  const byBoth = policyWith({ load: { cpu: 0.5, bandwidth: 0.5 } });
  const byCpu = policyWith({ load: { cpu: 1, bandwidth: 0 } });

  test('keeps the age of its report and the issued work', () => {
    const report = { bandwidth_mbps: 400, cpu: 20 };
    const track = createNodeTrack(relayNode(report), 0);
    countIssuedTo(track, 100, model.meanCallMs, 0);
    rereadReport(track, relayNode(report, byBoth), model, 1000);
    expect(workAt(track, model, 0)).toBeCloseTo(400, 9);
    expect(workAt(track, model, halfLifeMs)).toBeCloseTo(200, 9);
  });

  test('has the load of the new weights, also when it was idle', () => {
    const report = { bandwidth_mbps: 400 };
    const track = createNodeTrack(relayNode(report, byCpu), 0);
    expect(workAt(track, model, 0)).toBe(0);
    rereadReport(track, relayNode(report), model, 0);
    expect(workAt(track, model, 0)).toBe(400);
  });

  test('is plausible as soon as the policy corrects its capacity', () => {
    const report = { bandwidth_mbps: 2500 };
    const track = createNodeTrack(relayNode(report), 0);
    const large = policyWith({ capacity: { bandwidthMbps: 10_000 } });
    rereadReport(track, relayNode(report, large), model, 3000);
    expect(track).toMatchObject({ doubt: undefined, awaitsAverage: false });
    expect(workAt(track, model, 3000)).toBe(2500);
  });

  test('is implausible as soon as the policy sets too small a capacity', () => {
    const report = { bandwidth_mbps: 900 };
    const track = createNodeTrack(relayNode(report), 0);
    const small = policyWith({ capacity: { bandwidthMbps: 100 } });
    rereadReport(track, relayNode(report, small), model, 3000);
    expect(track).toMatchObject({ doubt: 'beyond_capacity', awaitsAverage: true });
  });

  test('stays implausible at any weights while its figures do not change', () => {
    const report = { bandwidth_mbps: 10 };
    const track = createNodeTrack(relayNode(report), 0);
    countIssuedTo(track, 100, model.meanCallMs, 0);
    for (const nowMs of [5000, 10_000]) takeReport(track, relayNode(report), figures, nowMs);
    startFrom(track, 300, model, 10_000);
    rereadReport(track, relayNode(report, byBoth), model, 10_000);
    expect(track).toMatchObject({ doubt: 'unmoved', awaitsAverage: false });
    expect(workAt(track, model, 10_000)).toBe(300);
  });
});
