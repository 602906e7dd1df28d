import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import type { RegistryError } from '../registry-error.ts';
import { openSnapshotStore } from '../snapshot-store/snapshot-store.ts';
import { away, fleetOf, follow, node, scriptedRegistry } from './followed-fleet.fixture.ts';

describe('a fleet that reports to one registry', () => {
  test("has the registry's nodes, as the same objects while nothing changes", async () => {
    const registry = scriptedRegistry(fleetOf('fra', 2));
    const { feed, serving } = await follow([{ name: 'redis-1', registry }]);
    await using _feed = feed;
    await feed.refresh();
    expect(serving()).toEqual(['fra/0', 'fra/1']);
    const [first] = feed.nodes();
    await feed.refresh();
    expect(feed.nodes()[0]).toBe(first);
    expect(feed.sources()).toEqual([{ name: 'redis-1', state: 'fresh', nodes: 2, keptNodes: 0, ageMs: 0 }]);
  });

  test('stays unchanged while the registry is unreachable, and reports each failure', async () => {
    const registry = scriptedRegistry(fleetOf('fra', 2));
    const faults: string[] = [];
    const { feed, clock, serving } = await follow([{ name: 'redis-1', registry }], {
      events: { onFault: (source: string, { fault }: RegistryError) => faults.push(`${source} ${fault}`) },
    });
    await using _feed = feed;
    await feed.refresh();
    registry.holds(away);
    await feed.refresh();
    clock.advance(1_000_000);
    await feed.refresh();
    expect(serving()).toEqual(['fra/0', 'fra/1']);
    expect(feed.sources()).toMatchObject([{ state: 'lost', fault: 'connection', ageMs: 1_000_000 }]);
    expect(faults).toEqual(['redis-1 connection', 'redis-1 connection']);
  });

  test('keeps the answering nodes of a group at half weight, and drops the others', async () => {
    const fleet = fleetOf('fra', 8);
    const registry = scriptedRegistry(fleet);
    const said: string[] = [];
    const { feed, serving } = await follow([{ name: 'redis-1', registry }], {
      answering: ['fra/0'],
      events: {
        onSuspicion: (_: string, names: readonly string[]) => said.push(`suspects ${names.length}`),
        onVerdict: (_: string, { kept, gone }: { kept: readonly string[]; gone: readonly string[] }) =>
          said.push(`kept ${kept.length}, gone ${gone.length}`),
      },
    });
    await using _feed = feed;
    await feed.refresh();
    registry.holds(fleet.slice(3));
    await feed.refresh();
    await feed.refresh();
    expect(serving()).toEqual(['fra/3', 'fra/4', 'fra/5', 'fra/6', 'fra/7', 'fra/0 half']);
    expect(said).toEqual(['suspects 3', 'kept 1, gone 2']);
    expect(feed.sources()).toMatchObject([{ nodes: 6, keptNodes: 1 }]);
    const kept = feed.nodes().at(-1);
    await feed.refresh();
    expect(feed.nodes().at(-1)).toBe(kept);
  });

  test('ignores the old reports of a lagging replica', async () => {
    const registry = scriptedRegistry([node('fra', '0', 7)]);
    const { feed } = await follow([{ name: 'redis-1', registry }]);
    await using _feed = feed;
    await feed.refresh();
    registry.holds([node('fra', '0', 6)]);
    await feed.refresh();
    expect(feed.nodes()[0]?.report.seq).toBe(7);
  });
});

describe('a fleet that reports to several registries', () => {
  test('loses no node when one registry is unreachable, and reports which', async () => {
    const [frankfurt, virginia] = [scriptedRegistry(fleetOf('fra', 1)), scriptedRegistry(fleetOf('iad', 1))];
    const { feed, serving } = await follow([
      { name: 'redis-1', registry: frankfurt },
      { name: 'redis-2', registry: virginia },
    ]);
    await using _feed = feed;
    await feed.refresh();
    frankfurt.holds(away);
    virginia.holds(fleetOf('iad', 2));
    await feed.refresh();
    expect(serving().toSorted()).toEqual(['fra/0', 'iad/0', 'iad/1']);
    expect(feed.sources().map(({ name, state }) => [name, state])).toEqual([
      ['redis-1', 'lost'],
      ['redis-2', 'fresh'],
    ]);
  });

  test('has each node once: from a fresh registry, and at full weight if it is present in any', async () => {
    const [first, second] = [scriptedRegistry(fleetOf('fra', 4)), scriptedRegistry(fleetOf('fra', 4))];
    const { feed, serving } = await follow(
      [
        { name: 'redis-1', registry: first },
        { name: 'redis-2', registry: second },
      ],
      { answering: ['fra/0', 'fra/1'] },
    );
    await using _feed = feed;
    await feed.refresh();
    first.holds(fleetOf('fra', 4).slice(2));
    await feed.refresh();
    await feed.refresh();
    expect(serving().toSorted()).toEqual(['fra/0', 'fra/1', 'fra/2', 'fra/3']);

    first.holds(away);
    second.holds([node('fra', '3', 9)]);
    await feed.refresh();
    await feed.refresh();
    expect(feed.nodes().find(({ key }) => key.id === '3')?.report.seq).toBe(9);
  });

  test('calls onChange at most ten times a second', async () => {
    const registries = Array.from({ length: 5 }, (_, index) => ({
      name: `redis-${index}`,
      registry: scriptedRegistry(),
    }));
    let changes = 0;
    const onChange = () => {
      changes += 1;
    };
    const { feed, clock } = await follow(registries, { events: { onChange } });
    await using _feed = feed;
    await feed.refresh();
    clock.advance(99);
    await feed.refresh();
    expect(changes).toBe(1);
    clock.advance(1);
    await feed.refresh();
    expect(changes).toBe(2);
  });
});

test('a fleet is restored from disk when its registry is unreachable at the start, and checked when that returns empty', async () => {
  await using directory = await temporaryDirectory('fleet');
  const open = () =>
    openSnapshotStore(
      join(directory.path, 'redis-1.ndjson'),
      { onWriteFailed: ({ detail }) => expect(detail).toBe(''), onWriteRecovered: () => undefined },
      { nowMs: () => 0 },
    );
  {
    await using store = open();
    const { feed } = await follow([{ name: 'redis-1', registry: scriptedRegistry(fleetOf('fra', 4)), store }]);
    await feed.refresh();
    await feed[Symbol.asyncDispose]();
  }
  await using store = open();
  const registry = scriptedRegistry(away);
  const { feed, serving } = await follow([{ name: 'redis-1', registry, store }], { answering: ['fra/2'] });
  await using _feed = feed;
  await feed.refresh();
  expect(serving()).toEqual(['fra/0', 'fra/1', 'fra/2', 'fra/3']);
  expect(feed.sources()).toEqual([{ name: 'redis-1', state: 'lost', fault: 'connection', nodes: 4, keptNodes: 0 }]);

  registry.holds([]);
  await feed.refresh();
  await feed.refresh();
  expect(serving()).toEqual(['fra/2 half']);
});
