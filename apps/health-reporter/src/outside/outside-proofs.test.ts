import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey, parseNodeProofKey } from '@turn-router/contract/registry';
import { seededRandom } from '@turn-router/testing';
import { secretFingerprint } from '@turn-router/turn-credentials';
import { createScriptedRegistry, nodesOf, startWorld } from './scripted-world.fixture.ts';

const roundMs = 30_000;

const random = () => seededRandom(17);
const events = (logged: readonly { event: string }[]) => logged.map(({ event }) => event);

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}

describe('the probers of a fleet', () => {
  test('prove each node by three others in each round, spread over the round', async () => {
    const nodes = nodesOf({ fra: 4, iad: 4, sin: 4 });
    const registry = createScriptedRegistry(nodes);
    await using world = startWorld(nodes, registry, { random: random() });
    await world.time.runUntil(10 * roundMs);

    const probersOf = countBy([...registry.proofs.keys()], (key) => {
      const parsed = parseNodeProofKey(key);
      return parsed === undefined ? '' : nodeNameFromKey(parsed.target);
    });
    expect(probersOf).toEqual(new Map(nodes.map((key) => [nodeNameFromKey(key), 3])));
    const perAddress = [...countBy(world.probes, ({ address }) => address).values()];
    expect(Math.min(...perAddress)).toBeGreaterThanOrEqual(3 * 9);
    expect(Math.max(...perAddress)).toBeLessThanOrEqual(3 * 11);
    // Each tenth of a round has its share of the probes, within the noise of 36 probes.
    const tenths = countBy(world.probes, ({ atMs }) => String(Math.floor((atMs % roundMs) / (roundMs / 10))));
    expect(Math.max(...tenths.values()) / (world.probes.length / 10)).toBeLessThan(2);
    expect(events(world.logged)).toEqual(Array.from({ length: 12 }, () => 'outside.probed'));
  });

  test('never prove themselves', async () => {
    const nodes = nodesOf({ fra: 3, iad: 2 });
    const registry = createScriptedRegistry(nodes);
    await using world = startWorld(nodes, registry, { random: random() });
    await world.time.runUntil(3 * roundMs);
    const own = [...registry.proofs.keys()].map(parseNodeProofKey).filter((key) => {
      return key === undefined || nodeNameFromKey(key.target) === nodeNameFromKey(key.prober);
    });
    expect(own).toEqual([]);
  });

  test('call up to 15 confirming probers after a failure, say each change once, and let them go afterwards', async () => {
    const nodes = nodesOf({ fra: 8, iad: 8, sin: 8 });
    const registry = createScriptedRegistry(nodes);
    const dead = '198.51.100.0';
    let isBroken = true;
    await using world = startWorld(nodes, registry, {
      random: random(),
      isDead: (address) => isBroken && address === dead,
    });
    const probersOfDead = (sinceMs: number) =>
      new Set(world.probes.filter(({ address, atMs }) => address === dead && atMs >= sinceMs).map(({ by }) => by));
    await world.time.runUntil(3 * roundMs);
    expect(probersOfDead(0).size).toBe(15);
    expect(events(world.logged).filter((event) => event === 'outside.target_failed')).toHaveLength(15);
    const failed = world.logged.find(({ event }) => event === 'outside.target_failed');
    expect(failed).toMatchObject({ target: 'fra/fra-0', paths: ['udp 3478: timeout'] });

    isBroken = false;
    await world.time.runUntil(6 * roundMs);
    const afterMs = world.time.nowMs();
    await world.time.runUntil(9 * roundMs);
    expect(probersOfDead(afterMs).size).toBe(3);
  });

  test('send to one address at most 60 probes in a round, whatever records say', async () => {
    const nodes = nodesOf({ fra: 30, iad: 30 });
    const registry = createScriptedRegistry(nodes, () => '192.0.2.1');
    await using world = startWorld(nodes, registry, { random: random(), isDead: () => true });
    await world.time.runUntil(12 * roundMs);
    const settled = world.probes.filter(({ atMs }) => atMs >= 2 * roundMs);
    const perRound = [...countBy(settled, ({ atMs }) => String(Math.floor(atMs / roundMs))).values()];
    expect(perRound.reduce((sum, count) => sum + count, 0) / perRound.length).toBeLessThanOrEqual(60);
  });

  test('count host names of one address as nodes at that address', async () => {
    const nodes = nodesOf({ fra: 20, iad: 20 });
    const registry = createScriptedRegistry(nodes);
    const addressesOf: Record<string, string[]> = {};
    for (const [name, { key, report }] of registry.records) {
      const hostname = `${key.id}.test`;
      addressesOf[hostname] = ['192.0.2.1'];
      registry.records.set(name, { key, report: { ...report, public_ip: undefined, hostname } });
    }
    await using world = startWorld(nodes, registry, { random: random(), isDead: () => true, addressesOf });
    await world.time.runUntil(12 * roundMs);
    const settled = world.probes.filter(({ atMs }) => atMs >= 2 * roundMs);
    expect(new Set(settled.map(({ address }) => address))).toEqual(new Set(['192.0.2.1']));
    expect(settled.length / 10).toBeLessThanOrEqual(60);
  });

  test('read the fleet less often if it is large, and the record of a target before each probe', async () => {
    const nodes = nodesOf({ fra: 500, iad: 500 });
    const registry = createScriptedRegistry(nodes);
    await using world = startWorld(nodes.slice(0, 2), registry, { random: random() });
    await world.time.runUntil(10 * roundMs);
    expect(registry.calls.readNodes).toBe(2);
    expect(registry.calls.readNode).toBe(world.probes.length);
  });
});

describe('a prober', () => {
  test.each([
    ['share a secret', 'north', true],
    ['have a secret each', 'other', false],
  ])('signs with its own key only in fleets whose nodes %s', async (_, secret, isSigned) => {
    const nodes = nodesOf({ fra: 4 });
    const registry = createScriptedRegistry(nodes);
    for (const [name, { key, report }] of registry.records) {
      // fra-1 copies the fingerprint of the prober in any case.
      const text = name === 'fra/fra-1' ? 'north' : secret;
      const secret_fingerprints = { north: secretFingerprint(text) };
      registry.records.set(name, { key, report: { ...report, secret_fingerprints } });
    }
    await using world = startWorld(nodes.slice(0, 1), registry, { random: random() });
    await world.time.runUntil(3 * roundMs);
    expect(new Set(world.probes.map(({ hasCredential }) => hasCredential))).toEqual(new Set([isSigned]));
  });

  test('probes where a node has moved to, and no longer a node that has left', async () => {
    const nodes = nodesOf({ fra: 1, iad: 2 });
    const registry = createScriptedRegistry(nodes);
    await using world = startWorld(nodes.slice(0, 1), registry, { random: random() });
    await world.time.runUntil(roundMs);
    const moved = registry.records.get('iad/iad-0');
    if (moved === undefined) throw new Error('no record');
    registry.records.set('iad/iad-0', { ...moved, report: { ...moved.report, public_ip: '203.0.113.9' } });
    registry.records.delete('iad/iad-1');
    const sinceMs = world.time.nowMs() + roundMs / 5;
    await world.time.runUntil(4 * roundMs);
    const addresses = world.probes.filter(({ atMs }) => atMs > sinceMs).map(({ address }) => address);
    expect(new Set(addresses)).toEqual(new Set(['203.0.113.9']));
  });

  test('that is alone says once that nothing proves its node, and once that others do', async () => {
    const nodes = nodesOf({ fra: 1 });
    const registry = createScriptedRegistry(nodes);
    await using world = startWorld(nodes, registry, { random: random() });
    await world.time.runUntil(5 * roundMs);
    expect(events(world.logged)).toEqual(['outside.alone']);
    expect(world.logged[0]).toMatchObject({
      msg: 'nothing proves this node from outside, because no other reporter probes nodes',
    });
    const [, other] = createScriptedRegistry(nodesOf({ fra: 2 })).records.values();
    if (other !== undefined) registry.records.set('fra/fra-1', other);
    await world.time.runUntil(8 * roundMs);
    expect(events(world.logged)).toEqual(['outside.alone', 'outside.probed']);
  });

  test('goes on without a registry that refuses its commands, says it once, and returns', async () => {
    const nodes = nodesOf({ fra: 2, iad: 1 });
    const registry = createScriptedRegistry(nodes);
    registry.refuses = 'NOPERM this user has no permissions to run the scan command';
    await using world = startWorld(nodes.slice(0, 1), registry, { random: random() });
    await world.time.runUntil(5 * roundMs);
    expect(world.logged).toEqual([
      expect.objectContaining({ event: 'outside.registry_refused', fault: 'no_permission', level: 40 }),
    ]);
    expect(world.probes).toEqual([]);
    registry.refuses = undefined;
    await world.time.runUntil(8 * roundMs);
    expect(events(world.logged).slice(1)).toEqual(['outside.registry_recovered', 'outside.probed']);
    expect(world.probes.length).toBeGreaterThan(0);
  });

  test.each(['putProof', 'readNode'] as const)(
    'say once that the registry refuses only %s, although it accepts other calls in between',
    async (refusedCall) => {
      const nodes = nodesOf({ fra: 3 });
      const registry = createScriptedRegistry(nodes);
      registry.refuses = 'no permission';
      registry.refusedCall = refusedCall;
      await using world = startWorld(nodes.slice(0, 1), registry, { random: random() });
      await world.time.runUntil(5 * roundMs);
      expect(events(world.logged).toSorted()).toEqual(['outside.probed', 'outside.registry_refused']);
      registry.refuses = undefined;
      await world.time.runUntil(8 * roundMs);
      expect(events(world.logged).slice(2)).toEqual(['outside.registry_recovered']);
    },
  );
});
