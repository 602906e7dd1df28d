import { nodeReportSchema, type NodeReport } from '@turn-router/contract/registry';
import { describe, expect, test } from '@jest/globals';
import { createRandomStreams } from './random-streams.ts';
import { createReporters, type Lie } from './reporters.ts';
import { runUntil } from './run-until.ts';
import { createSimulatedRegistry } from './simulated-registry.ts';
import { createWorld, type SimulatedNode } from './world.ts';

/** One node of 100 Mbit/s with 40 Mbit/s in ten calls, and the list of its reports. */
function reportingNode(counters = true) {
  const { nodes } = createWorld({ regions: { home: { nodes: [{ count: 1, capacityMbps: 100 }] } }, events: [] });
  const [node] = nodes;
  if (node === undefined) throw new Error('a node');
  Object.assign(node, { loadMbps: 40, calls: 10, callsStarted: 25 } satisfies Partial<SimulatedNode>);
  const seen: { report: NodeReport; atSecond: number }[] = [];
  const registry = createSimulatedRegistry(0);
  const reporters = createReporters(
    nodes,
    { intervalSeconds: 5, lagSeconds: 0, ttlSeconds: 15, counters },
    {
      ...registry,
      put: (of, reported, atSecond) => {
        seen.push({ report: reported.report, atSecond });
        registry.put(of, reported, atSecond);
      },
    },
    createRandomStreams(1).reports,
  );
  return { node, reporters, registry, seen };
}

describe('reporters', () => {
  test('report at the start and then at the interval ± 10 %', () => {
    const { reporters, seen } = reportingNode();
    runUntil(1000, [reporters]);
    const gaps = seen.slice(2).map(({ atSecond }, index) => atSecond - (seen[index + 1]?.atSecond ?? 0));
    expect(seen[0]?.atSecond).toBe(0);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4.5);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5.5);
    expect(new Set(gaps.map((gap) => gap.toFixed(1))).size).toBeGreaterThan(5);
  });

  test('publish full or minimal reports that match the contract', () => {
    const full = reportingNode().seen[0]?.report;
    expect(nodeReportSchema.parse(full)).toEqual({
      status: 'healthy',
      cpu: 40,
      bandwidth_mbps: 40,
      bandwidth_capacity_mbps: 100,
      public_ip: '198.18.0.0',
      port: 3478,
      allocations: 10,
      allocations_started: 25,
      boot_id: 'boot-1',
      seq: 1,
    });
    const least = reportingNode(false).seen[0]?.report;
    expect(Object.keys(nodeReportSchema.parse(least))).toEqual(
      expect.not.arrayContaining(['allocations', 'allocations_started', 'boot_id', 'seq']),
    );
  });

  test.each<[lie: Lie, said: Partial<NodeReport>]>([
    ['zero', { cpu: 0, bandwidth_mbps: 0, allocations: 0, allocations_started: 0 }],
    ['frozen', { cpu: 40, bandwidth_mbps: 40, allocations: 10, allocations_started: 25 }],
    ['beyond-capacity', { cpu: 100, bandwidth_mbps: 300, allocations: 11, allocations_started: 26 }],
  ])('report the lie "%s" with a continuing sequence, until the lie ends', (lie, said) => {
    const { node, reporters, seen } = reportingNode();
    reporters.setLie(node, lie);
    Object.assign(node, { loadMbps: 44, calls: 11, callsStarted: 26 } satisfies Partial<SimulatedNode>);
    reporters.reportNow(node, 1);
    expect(seen.at(-1)?.report).toMatchObject({ ...said, seq: 2 });
    reporters.setLie(node, undefined);
    reporters.reportNow(node, 2);
    expect(seen.at(-1)?.report).toMatchObject({ bandwidth_mbps: 44, allocations_started: 26, seq: 3 });
  });

  test('leave no record for unreadable reports', () => {
    const { node, reporters, registry } = reportingNode();
    reporters.setLie(node, 'unreadable');
    reporters.reportNow(node, 1);
    expect(registry.read(1)).toEqual([]);
  });

  test('stop when their node crashes; the node’s record expires after its TTL', () => {
    const { node, reporters, registry, seen } = reportingNode();
    node.isUp = false;
    reporters.stopReporting(node);
    runUntil(60, [reporters]);
    expect(seen).toHaveLength(1);
    expect(registry.read(14.9)).toHaveLength(1);
    expect(registry.read(15)).toHaveLength(0);
  });
});
