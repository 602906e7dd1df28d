import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import {
  createMemoryRegistry,
  RegistryError,
  type NodeRecord,
  type RegistryReading,
  type RejectedRecord,
} from '@turn-router/registry';
import type { FleetJudgement } from '@turn-router/outside-proof';
import { createManualClock, freePort } from '@turn-router/testing';
import { secretFingerprint, type KeyRing } from '@turn-router/turn-credentials';
import { createFindExclusion } from './find-exclusion.ts';
import { followFleet } from './follow-fleet.ts';
import { createOutsideProofs } from './proofs/outside-proofs.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import { openRegistries } from './registries.ts';
import { createNodeKeys } from '../issue/node-keys.ts';
import { createRouting, type Routing } from '../issue/routing.ts';

const keyRing: KeyRing = { keys: [{ id: 'first', secret: 'north-secret-of-2026' }] };

const plain = policySchema.parse({
  defaultRegion: 'eu-central-1',
  regions: { 'eu-central-1': { location: [50.11, 8.68] } },
});
const withStaticNode = policySchema.parse({
  defaultRegion: 'eu-central-1',
  regions: { 'eu-central-1': { location: [50.11, 8.68], staticNodes: [{ id: 'last', publicIp: '192.0.2.9' }] } },
});
const report: NodeReport = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
const frankfurt = { key: { region: 'eu-central-1', id: 'node-01' }, report };

const frankfurtAt = (bandwidth: number) => ({ ...frankfurt, report: { ...report, bandwidth_mbps: bandwidth } });

/** A registry that reads whatever the test puts there; an error is thrown. */
function scriptedRegistry(initial: RegistryReading | RegistryError) {
  const registry = createMemoryRegistry(() => 0);
  const held = new Map<string, NodeRecord>();
  let failure: RegistryError | undefined;
  let rejected: readonly RejectedRecord[] = [];

  function hold(records: readonly NodeRecord[]): void {
    const ids = new Set(records.map(({ key }) => key.id));
    for (const { key } of [...held.values()].filter((record) => !ids.has(record.key.id))) {
      held.delete(key.id);
      void registry.remove(key);
    }
    for (const record of records) {
      if (held.get(record.key.id)?.report === record.report) continue;
      held.set(record.key.id, record);
      void registry.put(record.key, record.report, 1);
    }
  }

  function reads(reading: Partial<RegistryReading> | RegistryError): void {
    failure = reading instanceof RegistryError ? reading : undefined;
    if (reading instanceof RegistryError) return;
    rejected = reading.rejected ?? [];
    hold(reading.records ?? []);
  }

  reads(initial);
  return {
    registry: {
      follow() {
        const follower = registry.follow();
        return {
          read: async () => {
            if (failure !== undefined) throw failure;
            return { ...(await follower.read()), rejected };
          },
        };
      },
    },
    reads,
  };
}

async function follow(policy = plain, initial: RegistryReading | RegistryError = { records: [], rejected: [] }) {
  const { registry, reads } = scriptedRegistry(initial);
  const lines: { level: number; msg: string; record?: string; detail?: string; reason?: string }[] = [];
  const metrics = createMetrics();
  const clock = createManualClock();
  const outside = createOutsideProofs();
  const nodeKeys = createNodeKeys(keyRing, () => keyRing);
  const findExclusion = createFindExclusion(nodeKeys, { offsetsMs: () => [0] }, outside);
  const routing = createRouting(policy, { monotonicNowMs: clock.now, random: () => 0.5, findExclusion });
  let replicas = 1;
  const fleet = await followFleet([{ name: 'redis-1', registry }], {
    routing,
    nodeKeys,
    metrics,
    logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
    monotonicNowMs: clock.now,
    countReplicas: () => replicas,
    ask: () => Promise.resolve(false),
    outside,
  });
  await fleet.refresh();
  lines.length = 0;
  const setReplicas = (count: number) => {
    replicas = count;
  };
  const afterReading = async (reading: Partial<RegistryReading> | RegistryError) => {
    reads(reading);
    await fleet.refresh();
    return lines.splice(0).map(({ msg, record, detail, reason }) => [msg, record ?? reason, detail].filter(Boolean));
  };
  return { fleet, metrics, routing, clock, outside, setReplicas, afterReading };
}

const broken = (name: string, detail: string): RejectedRecord => ({ name, reason: 'invalid', detail });
const noReport = 'ignoring invalid registry record';

describe('following the registry', () => {
  test('takes a verdict at once, without a new report of the node', async () => {
    const { fleet, routing, outside, afterReading } = await follow();
    await using _fleet = fleet;
    await afterReading({ records: [frankfurt] });
    const memory = {
      suspectedSinceMs: 0,
      suspectedAtMs: 0,
      outSinceMs: 0,
      majorityAtMs: 0,
      refutation: 'unreachable_from_outside',
    };
    const verdict = { state: 'refuted', rung: 'unreachable_from_outside', text: 'unreachable', memory } as const;
    async function take(judgement: FleetJudgement): Promise<void> {
      fleet.judgeAgain(outside.take({ judgement, proofsByTarget: new Map(), roundTrips: [] }));
      await nextTurn();
    }
    await take(new Map([['eu-central-1/node-01', verdict]]));
    expect(routing.status().excluded.map(({ reason }) => reason)).toEqual(['unreachable_from_outside']);
    expect(routing.countNodes()).toBe(0);
    await take(new Map());
    expect(routing.countNodes()).toBe(1);
  });

  test('shows each reading to requests and in the metrics', async () => {
    const { fleet, metrics, routing, afterReading } = await follow();
    await using _fleet = fleet;
    await afterReading({ records: [frankfurt], rejected: [broken('turn:node:eu-central-1:x', 'cpu: missing')] });
    expect(routing.status().regions).toMatchObject([{ region: 'eu-central-1', nodes: 1 }]);
    const text = await metrics.text();
    expect(text).toContain('turn_router_nodes{region="eu-central-1",status="healthy"} 1');
    expect(text).toContain('turn_router_rejected_records{reason="invalid",registry="redis-1"} 1');
    expect(text).toContain('turn_router_registry_fresh{registry="redis-1"} 1');

    await afterReading({});
    expect(routing.status().regions).toEqual([]);
    expect(await metrics.text()).not.toMatch(/^turn_router_(nodes|rejected_records)\{/m);
  });

  test('finds secrets that differ and regions that the policy lacks, and judges again after a renamed region', async () => {
    const { fleet, metrics, routing, afterReading } = await follow();
    await using _fleet = fleet;
    const other = { ...report, secret_ids: ['first'], secret_fingerprints: { first: secretFingerprint('"north"') } };
    const same = { ...other, secret_fingerprints: { first: secretFingerprint(keyRing.keys[0].secret) } };
    const records = [
      { key: { region: 'eu-central-1', id: 'other' }, report: other },
      { key: { region: 'eu-central-1', id: 'same' }, report: same },
      frankfurt,
    ];
    await afterReading({ records });
    expect(fleet.mismatchedNodes()).toBe(1);
    expect(await metrics.text()).toContain('turn_router_mismatched_secrets{key_id="first"} 1');
    routing.usePolicy(policySchema.parse({ defaultRegion: 'eu', regions: { eu: { location: [50.11, 8.68] } } }));
    expect(await afterReading({ records })).toEqual([
      ['nodes report for a region that the policy lacks: these nodes get no calls'],
    ]);
    expect(await metrics.text()).toContain('turn_router_excluded_nodes{reason="region_not_in_policy"} 3');
  });

  test('shows load, spills, implausible nodes and replicas', async () => {
    const { fleet, metrics, setReplicas, clock, afterReading } = await follow();
    await using _fleet = fleet;
    setReplicas(4);
    await afterReading({ records: [frankfurtAt(500)] });
    const text = await metrics.text();
    expect(text).toContain('turn_router_region_load{region="eu-central-1"} 0.5');
    expect(text).toContain('turn_router_mean_call_seconds{region="eu-central-1"} 90');
    expect(text).toContain('turn_router_credential_mbps{region="eu-central-1"} 2');
    expect(text).toContain('turn_router_replicas 4');
    expect(text).not.toContain('turn_router_spill_share{');

    clock.advance(5_000);
    expect(await afterReading({ records: [frankfurtAt(5_000)] })).toEqual([
      ['implausible node report: assuming the region’s average load', 'beyond_capacity'],
    ]);
    expect(await metrics.text()).toContain('turn_router_doubted_nodes{reason="beyond_capacity"} 1');
  });

  test('names a record with an address that callers must not get once, counts it, and gives it to nobody', async () => {
    const { fleet, metrics, routing, afterReading } = await follow();
    await using _fleet = fleet;
    const named = { ...report, public_ip: '169.254.169.254' };
    const metadata = { key: { ...frankfurt.key, id: 'metadata' }, report: named };
    expect(await afterReading({ records: [frankfurt, metadata] })).toEqual([
      [
        noReport,
        'turn:node:eu-central-1:metadata',
        'public_ip: Unusable address: expected an address that callers can reach, got a link-local address (permit it with nodes.allowAddresses of the policy)',
      ],
    ]);
    expect(await afterReading({ records: [frankfurt, metadata] })).toEqual([]);
    expect(routing.countNodes()).toBe(1);
    expect(await metrics.text()).toContain('turn_router_rejected_records{reason="bad_address",registry="redis-1"} 1');
  });

  test('lets reported figures grow stale while the registry is away', async () => {
    const { fleet, metrics, clock, afterReading } = await follow();
    await using _fleet = fleet;
    await afterReading({ records: [frankfurt] });
    clock.advance(600_000);
    await afterReading(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
    const load = Number(/turn_router_region_load\{region="eu-central-1"\} (\S+)/.exec(await metrics.text())?.[1]);
    expect(load).toBeLessThan(0.2);
  });

  test('logs an invalid record once, and again when its fault changes or when it returns after an absence', async () => {
    const { fleet, afterReading } = await follow();
    await using _fleet = fleet;
    const x = broken('turn:node:eu-central-1:x', 'cpu: missing');
    const y = broken('turn:node:eu-central-1:y', 'port: missing');
    expect(await afterReading({ rejected: [x] })).toEqual([[noReport, x.name, 'cpu: missing']]);
    expect(await afterReading({ rejected: [x] })).toEqual([]);
    expect(await afterReading({ rejected: [y, x] })).toEqual([[noReport, y.name, 'port: missing']]);
    expect(await afterReading({ rejected: [{ ...x, detail: 'cpu: too big' }, y] })).toEqual([
      [noReport, x.name, 'cpu: too big'],
    ]);
    expect(await afterReading({ rejected: [y] })).toEqual([]);
    expect(await afterReading({ rejected: [x, y] })).toEqual([[noReport, x.name, 'cpu: missing']]);
  });

  test('names a hundred of very many invalid records, and only the beginning of a very long name', async () => {
    const { fleet, metrics, afterReading } = await follow();
    await using _fleet = fleet;
    const rejected = Array.from({ length: 1000 }, (_, index) => broken(`turn:node:eu-central-1:n${index}`, 'bad'));
    expect(await afterReading({ rejected })).toHaveLength(100);
    expect(await afterReading({ rejected })).toEqual([]);
    expect(await metrics.text()).toContain('turn_router_rejected_records{reason="invalid",registry="redis-1"} 1000');
    expect(await afterReading({ rejected: [broken('x'.repeat(5000), 'bad')] })).toEqual([
      [noReport, 'x'.repeat(200), 'bad'],
    ]);
  });

  test('serves the last snapshot while the registry is away, and logs the loss and the return once each', async () => {
    const { fleet, metrics, routing, afterReading } = await follow();
    await using _fleet = fleet;
    await afterReading({ records: [frankfurt] });
    const away = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');
    expect(await afterReading(away)).toEqual([
      ['registry unreachable: serving the last known snapshot', 'Redis is not available: ECONNREFUSED'],
      ['trust level of the registry data changed'],
    ]);
    expect(await afterReading(away)).toEqual([]);
    expect(routing.status().regions).toMatchObject([{ nodes: 1 }]);
    expect(await metrics.text()).toContain('turn_router_registry_fresh{registry="redis-1"} 0');
    expect(await afterReading({ records: [frankfurt] })).toEqual([
      ['registry reachable again'],
      ['trust level of the registry data changed'],
    ]);
    expect(await metrics.text()).toContain('turn_router_registry_fresh{registry="redis-1"} 1');
  });
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

test('asks nodes that vanish together, and logs the outcome once', async () => {
  const { fleet, metrics, clock, afterReading } = await follow();
  await using _fleet = fleet;
  const nodes = Array.from({ length: 4 }, (_, index) => ({
    key: { region: 'eu-central-1', id: `node-${index}` },
    report: { ...report },
  }));
  await afterReading({ records: nodes });
  expect(await afterReading({ records: nodes.slice(2) })).toEqual([
    ['several nodes vanished from the registry together: checking by STUN whether they still answer'],
    ['vanished nodes do not answer STUN: dropping them'],
  ]);
  clock.advance(60_000);
  expect(await afterReading(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'))).toHaveLength(2);
  expect(await afterReading({ records: [] })).toEqual([
    ['registry reachable again'],
    ['several nodes vanished from the registry together: checking by STUN whether they still answer'],
    ['trust level of the registry data changed'],
    ['nodes are missing from the registry and do not answer STUN: still using them, because the registry has failed'],
  ]);
  expect(await metrics.text()).toContain('turn_router_kept_nodes{region="eu-central-1"} 2');
});

describe('opening the registries', () => {
  const world = {
    random: () => 0.5,
    nowMs: () => 0,
    monotonicNowMs: createManualClock().now,
    logger: createLogger('silent', { write: () => undefined }),
    metrics: createMetrics(),
  };
  const open = (redisUrls: string | undefined) =>
    openRegistries({ redisUrls, stateDir: undefined, writesState: true }, world);

  test('uses an embedded registry without REDIS_URL', async () => {
    await using registries = open(undefined);
    const [source] = registries.sources;
    await source?.registry.put(frankfurt.key, report, 15_000);
    expect(source?.name).toBe('embedded');
    expect(await source?.registry.readAll()).toEqual({ records: [frankfurt], rejected: [] });
  });

  test('opens one Redis per URL', async () => {
    await using registries = open(`redis://127.0.0.1:${await freePort()} redis://127.0.0.1:${await freePort()}`);
    expect(registries.sources.map(({ name }) => name)).toEqual(['redis-1', 'redis-2']);
    await expect(registries.sources[1]?.registry.readAll()).rejects.toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });
});
