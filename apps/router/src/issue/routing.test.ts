import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import { createManualClock } from '@turn-router/testing';
import type { FleetChange } from '@turn-router/selection';
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

function start(policy = wide) {
  return createRouting(policy, { monotonicNowMs: createManualClock().now, random: () => 0.5 });
}
const read = (routing: ReturnType<typeof start>, change: Partial<FleetChange>) =>
  routing.applyChange({ changed: [], retrusted: [], gone: [], replicas: 1, ...change });
const namesFor = (routing: ReturnType<typeof start>, home: string) => {
  const decision = routing.chooseRelays({ natural: home, home, allowed: 'all', rung: 'nearest' }, { maxNodes: 1 });
  return decision.ok ? decision.nodes.map(({ name }) => name) : decision.code;
};

describe('routing', () => {
  test('starts with the policy and without nodes', () => {
    const routing = start();
    expect(routing.policy()).toBe(wide);
    expect(routing.placeCaller(london)).toMatchObject({ home: 'eu-central-1', rung: 'nearest' });
    expect(routing.status()).toEqual({ regions: [], spills: [], doubted: [], excluded: [], replicas: 1 });
    expect(namesFor(routing, 'us-east-1')).toBe('no_relay_available');
  });

  test('serves the reported nodes', () => {
    const routing = start();
    read(routing, { changed: [frankfurt, virginia], replicas: 3 });
    expect(namesFor(routing, 'eu-central-1')).toEqual(['eu-central-1/node-01']);
    expect(routing.status().replicas).toBe(3);
    read(routing, { gone: [frankfurt.key] });
    expect(namesFor(routing, 'eu-central-1')).toBe('no_relay_available');
  });

  test('applies a new policy to known nodes', () => {
    const routing = start();
    read(routing, { changed: [frankfurt, virginia] });
    routing.usePolicy(eastOnly);
    expect(routing.policy()).toBe(eastOnly);
    expect(routing.placeCaller(london)).toMatchObject({ home: 'us-east-1', rung: 'nearest' });
    expect(routing.status().regions.map(({ region }) => region)).toEqual(['us-east-1']);
    routing.usePolicy(wide);
    expect(namesFor(routing, 'eu-central-1')).toEqual(['eu-central-1/node-01']);
  });
});
