import { describe, expect, test } from '@jest/globals';
import { policySchema, type NodeReport } from '@turn-router/contract';
import { createRouting } from './routing.ts';

const wide = policySchema.parse({
  defaultRegion: 'us-east-1',
  regions: { 'us-east-1': { location: [38.95, -77.45] }, 'eu-central-1': { location: [50.11, 8.68] } },
});
const eastOnly = policySchema.parse({
  defaultRegion: 'us-east-1',
  regions: { 'us-east-1': { location: [38.95, -77.45] } },
});

const report: NodeReport = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
const frankfurt = { key: { region: 'eu-central-1', id: 'node-01' }, report };
const virginia = { key: { region: 'us-east-1', id: 'node-01' }, report };
const london = { location: { latitude: 51.5, longitude: -0.1 } };

describe('routing', () => {
  test('begins with the policy and no nodes', () => {
    const { policy, placeCaller, fleet } = createRouting(wide).state();
    expect(policy).toBe(wide);
    expect(placeCaller(london)).toEqual({ region: 'eu-central-1', rung: 'nearest' });
    expect([...fleet.keys()]).toEqual([]);
  });

  test('takes new records, and leaves policy and ladder alone', () => {
    const routing = createRouting(wide);
    const before = routing.state();
    routing.useRecords([frankfurt, virginia]);
    const after = routing.state();
    expect([...after.fleet.keys()]).toEqual(['eu-central-1', 'us-east-1']);
    expect(after.policy).toBe(before.policy);
    expect(after.placeCaller).toBe(before.placeCaller);
    expect([...before.fleet.keys()]).toEqual([]);
  });

  test('a new policy is held against the records that are already there', () => {
    const routing = createRouting(wide);
    routing.useRecords([frankfurt, virginia]);
    const before = routing.state();
    routing.usePolicy(eastOnly);
    const after = routing.state();
    expect([...after.fleet.keys()]).toEqual(['us-east-1']);
    expect(after.placeCaller(london)).toEqual({ region: 'us-east-1', rung: 'nearest' });
    // A request that is under way keeps the state with which it began.
    expect([...before.fleet.keys()]).toEqual(['eu-central-1', 'us-east-1']);
    routing.usePolicy(wide);
    expect([...routing.state().fleet.keys()]).toEqual(['eu-central-1', 'us-east-1']);
  });

  test('only healthy nodes come into the fleet', () => {
    const routing = createRouting(wide);
    routing.useRecords([
      { key: { region: 'eu-central-1', id: 'a' }, report: { ...report, status: 'draining' } },
      { key: { region: 'eu-central-1', id: 'b' }, report: { ...report, status: 'unhealthy' } },
      { key: { region: 'nowhere-1', id: 'c' }, report },
      virginia,
    ]);
    const { fleet } = routing.state();
    expect([...fleet].map(([region, { pool }]) => [region, pool.nodes.map(({ name }) => name)])).toEqual([
      ['us-east-1', ['us-east-1/node-01']],
    ]);
  });
});
