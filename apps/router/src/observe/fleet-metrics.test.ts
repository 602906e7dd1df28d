import { expect, test } from '@jest/globals';
import type { BalancerStatus, ReportedNode } from '@turn-router/selection';
import { Registry } from 'prom-client';
import type { FleetFindings } from './fleet-findings.ts';
import { createFleetMetrics } from './fleet-metrics.ts';

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;

async function textFor(
  nodes: readonly ReportedNode[],
  regions: readonly string[],
  findings: Partial<FleetFindings> = {},
  excluded: BalancerStatus['excluded'] = [],
): Promise<string> {
  const registry = new Registry();
  const metrics = createFleetMetrics([registry]);
  metrics.showFleet(() => ({
    status: { regions: [], spills: [], doubted: [], excluded, replicas: 1 },
    unproven: { unproven_capacity: 0, unproven_load: 0 },
    regions,
    nodes,
    sources: [],
    step: 'fresh',
    keyIds: ['new', 'old'],
    findings: { mismatches: [], unknownRegions: [], refuted: [], ...findings },
  }));
  metrics.collect();
  return registry.metrics();
}

test('50 000 regions that the policy lacks share one label, and the metrics stay small', async () => {
  const unknown = Array.from({ length: 50_000 }, (_, index) => ({ key: { region: `r${index}`, id: 'a' }, report }));
  const known = { key: { region: 'eu-central-1', id: 'a' }, report };
  const kept = { key: { region: 'other', id: 'a' }, report, trustedShare: 0.5 };
  const text = await textFor([...unknown, known, kept], ['eu-central-1', 'ap-south-1']);
  expect(text.split('\n').filter((line) => /^turn_router_(?:nodes|kept_nodes)\{/.test(line))).toEqual([
    'turn_router_nodes{region="not_in_policy",status="healthy"} 50001',
    'turn_router_nodes{region="eu-central-1",status="healthy"} 1',
    'turn_router_kept_nodes{region="not_in_policy"} 1',
  ]);
  expect(text.length).toBeLessThan(10_000);
});

const gapsIn = (text: string) => text.split('\n').filter((line) => /^turn_router_(?:excluded|mismatched)/.test(line));

test('healthy nodes that get no calls are counted by reason, and differing secrets by key id, also while there are none', async () => {
  expect(gapsIn(await textFor([], []))).toEqual([
    'turn_router_excluded_nodes{reason="clock_ahead"} 0',
    'turn_router_excluded_nodes{reason="clock_behind"} 0',
    'turn_router_excluded_nodes{reason="secret_mismatch"} 0',
    'turn_router_excluded_nodes{reason="unreachable_from_outside"} 0',
    'turn_router_excluded_nodes{reason="region_not_in_policy"} 0',
    'turn_router_mismatched_secrets{key_id="new"} 0',
    'turn_router_mismatched_secrets{key_id="old"} 0',
  ]);
  const excluded = [
    { name: 'eu/a', reason: 'clock_ahead', report },
    { name: 'eu/b', reason: 'clock_ahead', report: { ...report, status: 'unhealthy' } },
    { name: 'eu/c', reason: 'secret_mismatch', report },
  ] as const;
  const findings = {
    mismatches: [
      { name: 'eu/c', keyIds: ['new', 'old'], hasCommonKey: false },
      { name: 'eu/d', keyIds: ['new'], hasCommonKey: true },
    ],
    unknownRegions: [
      { name: 'x', nodes: 5, healthy: 3 },
      { name: 'y', nodes: 1, healthy: 1 },
    ],
  };
  expect(gapsIn(await textFor([], [], findings, excluded))).toEqual([
    'turn_router_excluded_nodes{reason="clock_ahead"} 1',
    'turn_router_excluded_nodes{reason="clock_behind"} 0',
    'turn_router_excluded_nodes{reason="secret_mismatch"} 1',
    'turn_router_excluded_nodes{reason="unreachable_from_outside"} 0',
    'turn_router_excluded_nodes{reason="region_not_in_policy"} 4',
    'turn_router_mismatched_secrets{key_id="new"} 2',
    'turn_router_mismatched_secrets{key_id="old"} 1',
  ]);
});

const rejected = (reason: 'wrong_type' | 'no_expiry', count: number) =>
  Array.from({ length: count }, () => ({ name: 'x', reason, detail: 'x' }));
const countsIn = (text: string) => text.split('\n').filter((line) => /^turn_router_(?:rejected|left_out)/.test(line));

test('rejected and left out records are counted by registry', async () => {
  const registry = new Registry();
  const metrics = createFleetMetrics([registry]);
  metrics.useReading('redis-1', { rejected: [...rejected('wrong_type', 3), ...rejected('no_expiry', 2)], leftOut: 7 });
  metrics.useReading('redis-2', { rejected: [] });
  expect(countsIn(await registry.metrics())).toEqual([
    'turn_router_rejected_records{reason="wrong_type",registry="redis-1"} 3',
    'turn_router_rejected_records{reason="no_expiry",registry="redis-1"} 2',
    'turn_router_left_out_records{registry="redis-1"} 7',
    'turn_router_left_out_records{registry="redis-2"} 0',
  ]);
  metrics.useReading('redis-1', { rejected: [] });
  expect(countsIn(await registry.metrics())).toEqual([
    'turn_router_left_out_records{registry="redis-1"} 0',
    'turn_router_left_out_records{registry="redis-2"} 0',
  ]);
});
