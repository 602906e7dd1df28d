import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import { RegistryError } from '@turn-router/registry';
import type { Routing } from '../issue/routing.ts';
import { follow, frankfurt, plain, report } from './follow-fleet.fixture.ts';

const withStaticNode = policySchema.parse({
  defaultRegion: 'eu-central-1',
  regions: { 'eu-central-1': { location: [50.11, 8.68], staticNodes: [{ id: 'last', publicIp: '192.0.2.9' }] } },
});

/** Why and where a caller of Frankfurt is sent. */
function asked({ chooseRelays, placeCaller }: Routing): string[] {
  const decision = chooseRelays(placeCaller({ location: { latitude: 50.11, longitude: 8.68 } }), { maxNodes: 1 });
  return decision.ok ? [decision.reason, ...decision.nodes.map(({ name }) => name)] : [decision.code];
}

describe('the trust level', () => {
  const away = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED', { fault: 'connection' });

  test('falls from fresh to last_known and rises again, logged once each and shown by the metrics', async () => {
    const { fleet, metrics, routing, afterReading } = await follow();
    await using _fleet = fleet;
    await afterReading({ records: [frankfurt] });
    expect(fleet.trust()).toBe('fresh');
    expect(await metrics.text()).toContain('turn_router_trust{step="fresh"} 1');
    await afterReading(away);
    await afterReading(away);
    expect(fleet.trust()).toBe('last_known');
    expect(asked(routing)).toEqual(['home', 'eu-central-1/node-01']);
    const text = await metrics.text();
    expect(text).toContain('turn_router_trust{step="fresh"} 0');
    expect(text).toContain('turn_router_trust{step="last_known"} 1');
    expect(text).toContain('turn_router_registry_faults_total{registry="redis-1",fault="connection"} 2');
    expect(fleet.sources()).toMatchObject([{ state: 'lost', fault: 'connection', nodes: 1 }]);
  });

  test('is static while no node is known, until a node reports', async () => {
    const { fleet, routing, afterReading } = await follow(withStaticNode);
    await using _fleet = fleet;
    await afterReading(away);
    expect([fleet.trust(), ...asked(routing)]).toEqual(['static', 'static', 'eu-central-1/last']);
    await afterReading({ records: [frankfurt] });
    expect([fleet.trust(), ...asked(routing)]).toEqual(['fresh', 'home', 'eu-central-1/node-01']);
  });

  test('is absent without any node, and callers get a problem', async () => {
    const { fleet, routing, afterReading } = await follow(plain, away);
    await using _fleet = fleet;
    await afterReading(away);
    expect([fleet.trust(), ...asked(routing)]).toEqual(['none', 'no_relay_available']);
  });
});

/** The same nodes each time, with a new report each. */
const tenThousand = () =>
  Array.from({ length: 10_000 }, (_, index) => ({
    key: { region: 'eu-central-1', id: `n${index}` },
    report: { ...report },
  }));

/** What was so in each turn of the event loop while the reading was taken in. */
async function duringReading({ fleet, afterReading }: Awaited<ReturnType<typeof follow>>) {
  const turns: string[] = [];
  let next: NodeJS.Immediate | undefined;
  const takeTurn = () => {
    turns.push(`${fleet.trust()} with ${fleet.healthyNodes()}`);
    next = setImmediate(takeTurn);
  };
  takeTurn();
  await afterReading({ records: tenThousand() });
  clearImmediate(next);
  return turns;
}

describe('a fleet of ten thousand', () => {
  test('is not ready before all its reports are processed', async () => {
    const followed = await follow();
    await using fleet = followed.fleet;
    const turns = await duringReading(followed);
    expect(new Set(turns)).toEqual(new Set(['fresh with 0', 'none with 0']));
    expect([fleet.trust(), fleet.healthyNodes()]).toEqual(['fresh', 10_000]);
  });

  test('is processed again in parts, with requests in between', async () => {
    const followed = await follow();
    await using _fleet = followed.fleet;
    await duringReading(followed);
    const turns = await duringReading(followed);
    expect(turns.length).toBeGreaterThan(30);
    expect(new Set(turns)).toEqual(new Set(['fresh with 10000']));
  });
});
