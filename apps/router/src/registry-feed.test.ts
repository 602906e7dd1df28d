import { describe, expect, test } from '@jest/globals';
import { policySchema, type NodeReport } from '@turn-router/contract';
import { RegistryError, type NodeRegistry, type RegistryReading, type RejectedRecord } from '@turn-router/registry';
import { createManualClock, freePort } from '@turn-router/testing';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { followRegistry, openRegistry } from './registry-feed.ts';
import { createRouting } from './routing.ts';

const policy = policySchema.parse({
  defaultRegion: 'eu-central-1',
  regions: { 'eu-central-1': { location: [50.11, 8.68] } },
});
const report: NodeReport = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
const frankfurt = { key: { region: 'eu-central-1', id: 'node-01' }, report };

const frankfurtAt = (bandwidth: number) => ({ ...frankfurt, report: { ...report, bandwidth_mbps: bandwidth } });

/** A registry that reads whatever the test puts there; an error is thrown. */
function scriptedRegistry() {
  let next: RegistryReading | RegistryError = { records: [], rejected: [] };
  const registry: NodeRegistry = {
    put: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    announceReplica: () => Promise.resolve(1),
    withdrawReplica: () => Promise.resolve(),
    readAll: () => (next instanceof RegistryError ? Promise.reject(next) : Promise.resolve(next)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return {
    registry,
    reads: (reading: Partial<RegistryReading> | RegistryError) => {
      next = reading instanceof RegistryError ? reading : { records: [], rejected: [], ...reading };
    },
  };
}

function follow() {
  const { registry, reads } = scriptedRegistry();
  const lines: { level: number; msg: string; record?: string; detail?: string; reason?: string }[] = [];
  const metrics = createMetrics();
  const clock = createManualClock();
  const routing = createRouting(policy, { monotonicNowMs: clock.now, random: () => 0.5 });
  let replicas = 1;
  const feed = followRegistry(registry, {
    routing,
    metrics,
    logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
    monotonicNowMs: clock.now,
    countReplicas: () => replicas,
  });
  const setReplicas = (count: number) => {
    replicas = count;
  };
  const afterReading = async (reading: Partial<RegistryReading> | RegistryError) => {
    reads(reading);
    await feed.refresh();
    return lines.splice(0).map(({ msg, record, detail, reason }) => [msg, record ?? reason, detail].filter(Boolean));
  };
  return { feed, metrics, routing, clock, setReplicas, afterReading };
}

const broken = (name: string, detail: string): RejectedRecord => ({ name, reason: 'invalid', detail });
const noReport = 'a record in the registry is no report';

describe('following the registry', () => {
  test('what was read is what requests see, and what the metrics say', async () => {
    const { feed, metrics, routing, afterReading } = follow();
    await using _feed = feed;
    await afterReading({ records: [frankfurt], rejected: [broken('turn:node:eu-central-1:x', 'cpu: missing')] });
    expect(routing.status().regions).toMatchObject([{ region: 'eu-central-1', nodes: 1 }]);
    const text = await metrics.text();
    expect(text).toContain('turn_router_nodes{region="eu-central-1",status="healthy"} 1');
    expect(text).toContain('turn_router_rejected_records{reason="invalid"} 1');
    expect(text).toContain('turn_router_registry_fresh 1');

    await afterReading({});
    expect(routing.status().regions).toEqual([]);
    expect(await metrics.text()).not.toMatch(/^turn_router_(nodes|rejected_records)\{/m);
  });

  test('says what the fleet does: load, spills, doubts and replicas', async () => {
    const { feed, metrics, setReplicas, clock, afterReading } = follow();
    await using _feed = feed;
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
      ['a node’s reports cannot be true: it is taken for average', 'beyond_capacity'],
    ]);
    expect(await metrics.text()).toContain('turn_router_doubted_nodes{reason="beyond_capacity"} 1');
  });

  test('time passes when the registry is away: what was reported fades', async () => {
    const { feed, metrics, clock, afterReading } = follow();
    await using _feed = feed;
    await afterReading({ records: [frankfurt] });
    clock.advance(600_000);
    await afterReading(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
    const load = Number(/turn_router_region_load\{region="eu-central-1"\} (\S+)/.exec(await metrics.text())?.[1]);
    expect(load).toBeLessThan(0.2);
  });

  test('a bad record is named once, and again when it is bad in another way or after it was gone', async () => {
    const { feed, afterReading } = follow();
    await using _feed = feed;
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

  test('of very many bad records a hundred are named, of a very long name its beginning', async () => {
    const { feed, metrics, afterReading } = follow();
    await using _feed = feed;
    const rejected = Array.from({ length: 1000 }, (_, index) => broken(`turn:node:eu-central-1:n${index}`, 'bad'));
    expect(await afterReading({ rejected })).toHaveLength(100);
    expect(await afterReading({ rejected })).toEqual([]);
    expect(await metrics.text()).toContain('turn_router_rejected_records{reason="invalid"} 1000');
    expect(await afterReading({ rejected: [broken('x'.repeat(5000), 'bad')] })).toEqual([
      [noReport, 'x'.repeat(200), 'bad'],
    ]);
  });

  test('when the registry is away the last snapshot serves; both its loss and its return are said once', async () => {
    const { feed, metrics, routing, afterReading } = follow();
    await using _feed = feed;
    await afterReading({ records: [frankfurt] });
    const away = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');
    expect(await afterReading(away)).toEqual([
      ['the registry does not answer', 'Redis is not available: ECONNREFUSED'],
    ]);
    expect(await afterReading(away)).toEqual([]);
    expect(routing.status().regions).toMatchObject([{ nodes: 1 }]);
    expect(await metrics.text()).toContain('turn_router_registry_fresh 0');
    expect(await afterReading({ records: [frankfurt] })).toEqual([['the registry answers again']]);
    expect(await metrics.text()).toContain('turn_router_registry_fresh 1');
  });
});

describe('opening the registry', () => {
  const world = { random: () => 0.5, monotonicNowMs: createManualClock().now };

  test('without a URL it is embedded', async () => {
    await using registry = openRegistry(undefined, world);
    await registry.put(frankfurt.key, report, 15_000);
    expect(await registry.readAll()).toEqual({ records: [frankfurt], rejected: [] });
  });

  test('with a URL it is Redis', async () => {
    await using registry = openRegistry(`redis://127.0.0.1:${await freePort()}`, world);
    await expect(registry.readAll()).rejects.toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
