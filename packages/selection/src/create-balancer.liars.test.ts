import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import { createBalancer } from './create-balancer.ts';
import { watchRegion, type WatchedNode } from './liar.fixture.ts';

const policy = policySchema.parse({
  defaultRegion: 'virginia',
  regions: { virginia: { location: [38.95, -77.45] } },
});

const honest = (count: number, capacityMbps = 1000): WatchedNode[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `honest-${index}`,
    capacityMbps,
    startMbps: 0.7 * capacityMbps,
  }));

type Says = (report: NodeReport, step: number) => NodeReport;
const idleSays = { cpu: 0, bandwidth_mbps: 0 };
const withoutCapacity = (report: NodeReport): NodeReport => ({ ...report, bandwidth_capacity_mbps: undefined });

const asLarge: Says = (report) => ({ ...report, ...idleSays, bandwidth_capacity_mbps: 1e9 });
const byWeight: Says = (report) => ({ ...withoutCapacity(report), weight: 10 });

describe('a liar among eleven nodes gets at most a quarter of the calls, and at most 15 % after a minute', () => {
  test.each<[string, Says]>([
    ['a capacity of 100 Gbit/s', (report) => ({ ...report, ...idleSays, bandwidth_capacity_mbps: 1e5 })],
    ['the largest capacity', (report) => ({ ...report, ...idleSays, bandwidth_capacity_mbps: 1e9 })],
    ['a weight of 1e9', (report) => ({ ...withoutCapacity(report), ...idleSays, weight: 1e9 })],
    ['no load', (report) => ({ ...report, ...idleSays })],
    ['only a capacity of 100 Gbit/s', (report) => ({ ...report, bandwidth_capacity_mbps: 1e5 })],
    ['only a weight of 1e9', (report) => ({ ...withoutCapacity(report), weight: 1e9 })],
    ['only an idle cpu', (report) => ({ ...report, cpu: 0 })],
    ['only an idle network', (report) => ({ ...report, bandwidth_mbps: 0 })],
    [
      'an idle network and a high capacity',
      (report) => ({ ...report, bandwidth_mbps: 0, bandwidth_capacity_mbps: 1e5 }),
    ],
    [
      'room for any number of allocations',
      (report) => ({
        ...report,
        ...idleSays,
        bandwidth_capacity_mbps: 1e5,
        allocations: 1,
        allocations_capacity: Number.MAX_SAFE_INTEGER,
      }),
    ],
    [
      'figures that move a little',
      (report, step) => ({ ...report, cpu: (step % 3) / 10, bandwidth_mbps: step % 7, bandwidth_capacity_mbps: 1e5 }),
    ],
    [
      'figures that move a little, and an honest capacity',
      (report, step) => ({ ...report, cpu: (step % 3) / 10, bandwidth_mbps: step % 7 }),
    ],
    [
      'a high load of a far higher capacity',
      (report, step) => ({ ...report, cpu: 5, bandwidth_mbps: 3000 + (step % 7), bandwidth_capacity_mbps: 1e5 }),
    ],
    [
      'half of the load of the other nodes',
      (report, step) => ({ ...report, cpu: 35, bandwidth_mbps: 350 + (step % 7), bandwidth_capacity_mbps: 1e5 }),
    ],
  ])('claims %s', (_, says) => {
    const liar: WatchedNode = { id: 'liar', capacityMbps: 1000, says };
    const run = watchRegion(createBalancer(policy), [...honest(10), liar], 7000, 300);
    expect(run.highestShare('liar', 5)).toBeLessThanOrEqual(0.25);
    for (const from of [60, 120, 180, 240])
      expect(run.sharesIn(from, from + 60)['liar'] ?? 0).toBeLessThanOrEqual(0.15);
  });

  test('also if it joins a router that has run for minutes', () => {
    const liar: WatchedNode = {
      id: 'liar',
      capacityMbps: 1000,
      joinsAtSecond: 120,
      says: (report) => ({ ...report, ...idleSays, bandwidth_capacity_mbps: 1e5 }),
    };
    const run = watchRegion(createBalancer(policy), [...honest(10), liar], 7000, 420);
    expect(run.highestShare('liar', 5)).toBeLessThanOrEqual(0.25);
    expect(run.sharesIn(180, 420)['liar'] ?? 0).toBeLessThanOrEqual(0.15);
  });

  test('and so do two liars among twelve, each', () => {
    const liars = ['one', 'two'].map((id) => ({ id, capacityMbps: 1000, says: asLarge }));
    const run = watchRegion(createBalancer(policy), [...honest(10), ...liars], 7000, 180);
    for (const { id } of liars) {
      expect(run.highestShare(id, 5)).toBeLessThanOrEqual(0.25);
      expect(run.sharesIn(60, 180)[id] ?? 0).toBeLessThanOrEqual(0.15);
    }
  });
});

describe('an honest node with ten times the capacity of the others has its full share after five minutes', () => {
  const large = { id: 'large', capacityMbps: 10_000 };

  test.each<[string, WatchedNode, number]>([
    ['it joins empty', { ...large, joinsAtSecond: 60 }, 0.7],
    ['it joins empty when half of the capacity is in use', { ...large, joinsAtSecond: 60 }, 0.5],
    ['it joins empty when a third of the capacity is in use', { ...large, joinsAtSecond: 60 }, 0.33],
    ['it is full of calls when the router starts', { ...large, startMbps: 7000 }, 0.7],
    ['it reports a weight', { ...large, joinsAtSecond: 60, says: byWeight }, 0.6],
  ])('%s', (_, node, use) => {
    const others = honest(10).map((other) => ({ ...other, startMbps: use * 1000 }));
    const run = watchRegion(createBalancer(policy), [...others, node], use * 20_000, 480);
    expect(run.sharesIn(360, 480)['large']).toBeGreaterThan(0.45);
  });

  test('but no more than the policy’s maximum', () => {
    const bounded = policySchema.parse({ ...policy, capacity: { maxMbps: 2000 } });
    const run = watchRegion(createBalancer(bounded), [...honest(10), { ...large, joinsAtSecond: 60 }], 8000, 480);
    expect(run.sharesIn(360, 480)['large']).toBeLessThan(0.25);
  });
});

describe('what a node has proven', () => {
  const large = { id: 'large', capacityMbps: 10_000 };
  const nodes = [...honest(10), { ...large, startMbps: 7000 }];

  test('is known to a router that starts later', () => {
    const first = createBalancer(policy);
    watchRegion(first, nodes, 14_000, 360);
    const restarted = createBalancer(policy, {
      staticNodes: 'last-resort',
      nowMs: 0,
      proven: first.provenCapacities(),
    });
    expect(watchRegion(restarted, nodes, 14_000, 30).sharesIn(0, 30)['large']).toBeGreaterThan(0.45);
    const stranger = createBalancer(policy);
    expect(watchRegion(stranger, nodes, 14_000, 30).sharesIn(0, 30)['large']).toBeLessThan(0.25);
  });

  test('is kept while its record is away', () => {
    const balancer = createBalancer(policy);
    watchRegion(balancer, nodes, 14_000, 360);
    balancer.observe({ nodes: [], replicas: 1 }, 361_000);
    expect(balancer.provenCapacities().get('virginia/large')).toBeGreaterThan(8000);
  });
});

test('a node that reports absurd figures does not spoil the figures of its region', () => {
  const absurd: WatchedNode = {
    id: 'absurd',
    capacityMbps: 1000,
    says: (report, step) => ({
      ...report,
      bandwidth_mbps: 1e9 - step,
      bandwidth_capacity_mbps: 1e9,
      weight: 1e6,
      allocations: 1e7 - step,
      allocations_started: step,
      allocations_capacity: Number.MAX_SAFE_INTEGER,
      boot_id: 'a',
    }),
  };
  const balancer = createBalancer(policy);
  watchRegion(balancer, [...honest(10), absurd], 7000, 120);
  const [region] = balancer.status().regions;
  expect(region?.load).toBeLessThan(1.2);
  expect(region?.meanCallSeconds).toBeLessThan(120);
  expect(region?.mbpsPerCredential).toBeLessThan(4);
});
