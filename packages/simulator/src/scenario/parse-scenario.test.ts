import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseScenario } from './parse-scenario.ts';

const short = `
name: short
title: Two regions
description: As short as can be.
regions:
  home: {nodes: [{count: 2, capacityMbps: 100}]}
  away: {nodes: [{count: 1, capacityMbps: 100}]}
policy: {regions: {home: {location: [50, 8], spillover: [away]}}}
demand: {regions: {home: 0.7}}
`;

function faultsOf(text: string): string[] {
  const parsed = parseScenario(text);
  return parsed.ok ? [] : parsed.faults.map(({ line, field, detail }) => `${line}: ${field}: ${detail}`);
}

describe('parseScenario', () => {
  test('completes a short scenario with all defaults', () => {
    expect(parseScenario(short)).toMatchObject({
      ok: true,
      scenario: {
        seeds: [1, 2, 3],
        durationSeconds: 900,
        measuredFromSecond: 300,
        sampleSeconds: 0.5,
        strategies: ['turn-router'],
        routers: { replicas: [{ atSecond: 0, replicas: 4 }], pollSeconds: 0.4, replicasKnownAfterSeconds: 1 },
        reports: { intervalSeconds: 5, lagSeconds: 0, ttlSeconds: 15, counters: true },
        calls: {
          length: { shape: 'exponential', meanSeconds: 60 },
          bandwidth: { shape: 'constant', meanMbps: 1 },
          yield: 1,
        },
        demand: { regions: { home: [{ atSecond: 0, factor: 0.7 }] } },
        events: [],
        claims: [],
      },
    });
  });

  test('gives regions without a policy a location and no spillover', () => {
    const parsed = parseScenario(short);
    expect(parsed.ok && parsed.scenario.policy).toMatchObject({
      defaultRegion: 'home',
      spillover: { start: 0.75, full: 0.95 },
      regions: {
        home: { location: [50, 8], spillover: [{ region: 'away', maxShare: 1 }] },
        away: { location: [0, 0], spillover: [] },
      },
    });
  });

  test('returns all faulty fields at once, with their lines', () => {
    const text = `${short.replace('count: 2', 'count: 0')}
seeds: []
routers: {replica: 3}
calls: {length: {shape: normal, meanSeconds: 60}}
events:
  - {type: node-crashes, atSecond: 10, region: home, node: 0}
claims:
  - {figure: peakToIdeal.p99}
`;
    expect(faultsOf(text)).toEqual([
      '6: regions.home.nodes[0].count: Too small: expected number to be >=1',
      '11: seeds: Too small: expected array to have >=1 items',
      '12: routers.replica: Unknown field',
      expect.stringMatching(/^13: calls.length.shape: Invalid /),
      '15: events[0].node: Too small: expected number to be >=1',
      '17: claims[0]: Missing limit: expected atMost, atLeast or both',
    ]);
  });

  test('checks the rules between settings', () => {
    const text = `${short}
durationSeconds: 600
measuredFromSecond: 600
routers: {replicas: [{atSecond: 0, replicas: 4}, {atSecond: 0, replicas: 8}]}
events:
  - {type: node-joins, atSecond: 700, region: home, capacityMbps: 10}
  - {type: node-crashes, atSecond: 10, region: home, node: 4}
  - {type: region-lost, atSecond: 10, region: nowhere}
recovery: {region: elsewhere, fromSecond: 10}
claims:
  - {figure: special.liar.peakToMean, atMost: 2}
`;
    expect(faultsOf(text)).toEqual([
      '12: measuredFromSecond: Too big: expected less than durationSeconds (600)',
      '13: routers.replicas[1].atSecond: Out of order (0): expected more than the step before (0)',
      '15: events[0].atSecond: Too big: expected less than durationSeconds (600)',
      '16: events[1].node: Unknown node: expected 1 to 3',
      '17: events[2].region: Unknown region "nowhere": expected one of home, away',
      '18: recovery.region: Unknown region "elsewhere": expected one of home, away',
      expect.stringMatching(
        /^20: claims\[0\].figure: Unknown figure "special.liar.peakToMean": expected one of calls, /,
      ),
    ]);
  });

  test.each([
    [
      'an unknown target',
      'spillover: [away]',
      'spillover: [mars]',
      '8: policy.regions.home.spillover[0]: Unknown region "mars"',
    ],
    [
      'a setting that policies lack',
      'spillover: [away]',
      'spill: [away]',
      '8: policy.regions.home.spill: Unknown field',
    ],
    [
      'a region without nodes',
      'away: {nodes',
      'far: {nodes',
      '8: policy.regions.home.spillover[0]: Unknown region "away"',
    ],
  ])('finds a fault in the policy: %s', (_, from, to, fault) => {
    expect(faultsOf(short.replace(from, to))).toEqual([expect.stringContaining(fault)]);
  });

  test('accepts claims about the figures of all spill edges', () => {
    const claims = 'claims: [{figure: spillShare.home → away.mean, atMost: 1}]';
    expect(faultsOf(`${short}${claims}`)).toEqual([]);
    expect(faultsOf(`${short}${claims.replace('home → away', 'away → home')}`)).toHaveLength(1);
  });

  test.each([
    ['an open bracket', 'regions: [', 1],
    ['an unknown alias', 'regions: *there', 1],
    ['a key twice', 'name: a\nname: b', 2],
    ['an empty file', '', 1],
  ])('returns a fault with its line for %s', (_, text, line) => {
    expect(parseScenario(text)).toMatchObject({ ok: false, faults: [{ line, detail: expect.stringMatching(/./) }] });
  });

  test('never throws: returns a scenario or faults', () => {
    const lines = short.split('\n');
    fc.assert(
      fc.property(fc.shuffledSubarray(lines), (some) => {
        const parsed = parseScenario(some.join('\n'));
        expect(parsed.ok || parsed.faults.length > 0).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
