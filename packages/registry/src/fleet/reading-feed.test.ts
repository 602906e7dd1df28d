import { describe, expect, test } from '@jest/globals';
import { createManualClock, eventually, freePort, startRedis } from '@turn-router/testing';
import { createMemoryRegistry } from '../nodes/memory-registry.ts';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { startReadingFeed } from './reading-feed.ts';

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
const frankfurt = { region: 'eu-central-1', id: 'node-01' };
const quiet = { onReading: () => undefined, onLost: () => undefined, onFound: () => undefined };

describe('the reading feed', () => {
  test('shows a new and a lost node with the next reading', async () => {
    const clock = createManualClock(5000);
    const registry = createMemoryRegistry(clock.now);
    const seen: string[] = [];
    await using feed = startReadingFeed(
      registry,
      { ...quiet, onReading: ({ changed, gone }) => seen.push(`${changed.length} changed, ${gone.length} gone`) },
      { monotonicNowMs: clock.now, intervalMs: 3_600_000 },
    );
    await feed.refresh();
    await registry.put(frankfurt, report, 15_000);
    await feed.refresh();
    expect(feed.lastReading()).toEqual({
      changed: [{ key: frankfurt, report }],
      gone: [],
      rejected: [],
      readAtMs: 5000,
    });
    clock.advance(15_001);
    await feed.refresh();
    expect(feed.lastReading()).toEqual({ changed: [], gone: [frankfurt], rejected: [], readAtMs: 20_001 });
    expect(seen.slice(-3)).toEqual(['0 changed, 0 gone', '1 changed, 0 gone', '0 changed, 1 gone']);
  });
});

test('the feed reports the end of every reading, after its other events', async () => {
  const port = await freePort();
  await using registry = createRedisRegistry({ url: `redis://127.0.0.1:${port}`, name: 'test', random: () => 0 });
  const said: string[] = [];
  await using feed = startReadingFeed(
    registry,
    {
      onReading: () => said.push('snapshot'),
      onLost: () => said.push('lost'),
      onFound: () => said.push('found'),
      onReadingEnd: () => said.push('end'),
    },
    { monotonicNowMs: () => 0, intervalMs: 3_600_000 },
  );
  await eventually('the first reading to fail', () => said.includes('end'));
  await feed.refresh();
  expect(said).toEqual(['lost', 'end', 'end']);

  await using _server = await startRedis({ port });
  said.length = 0;
  await eventually('a reading to succeed', () => feed.refresh().then(() => feed.isFresh()));
  await feed.refresh();
  expect(said.join(' ')).toMatch(/^(end )*found snapshot end snapshot end$/);
});

test('the feed keeps the last reading, and reports loss and recovery of Redis once each', async () => {
  await using server = await startRedis();
  await using registry = createRedisRegistry({
    url: server.url,
    name: 'test',
    random: () => 0,
    commandTimeoutMs: 1_000,
  });
  await eventually('the connection', () => registry.put(frankfurt, report, 600_000).then(() => true));
  const said: string[] = [];
  const changed: unknown[] = [];
  await using feed = startReadingFeed(
    registry,
    {
      onReading: (reading) => changed.push(...reading.changed),
      onLost: (error) => said.push(error.message),
      onFound: () => said.push('found'),
    },
    { monotonicNowMs: () => performance.now(), intervalMs: 20 },
  );
  await eventually('the first reading', () => feed.lastReading());
  expect(feed.isFresh()).toBe(true);

  server.signal('SIGSTOP');
  await eventually('the loss to be noticed', () => !feed.isFresh());
  await feed.refresh();
  await feed.refresh();
  expect(said).toEqual(['Redis is not available: no answer in time']);
  expect(feed.lastReading()).toMatchObject({ gone: [], rejected: [] });

  server.signal('SIGCONT');
  await eventually('the return to be noticed', () => feed.isFresh());
  expect(said).toEqual(['Redis is not available: no answer in time', 'found']);
  expect(changed).toEqual([{ key: frankfurt, report }]);
});
