import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import type { FleetJudgement } from '@turn-router/outside-proof';
import { RegistryError, type RejectedRecord } from '@turn-router/registry';
import { secretFingerprint } from '@turn-router/turn-credentials';
import { follow, frankfurt, keyRing, report } from './follow-fleet.fixture.ts';

const frankfurtAt = (bandwidth: number) => ({ ...frankfurt, report: { ...report, bandwidth_mbps: bandwidth } });

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
      doubtedSinceMs: 0,
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
