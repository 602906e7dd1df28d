import { describe, expect, test } from '@jest/globals';
import { boundMs, createManualClock, eventually, startRedis } from '@turn-router/testing';
import { createMemoryRegistry } from '../nodes/memory-registry.ts';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { combineReplicaCounts, startReplicaCount, type ReplicaCount } from './replica-count.ts';

const quiet = { onLost: () => undefined, onFound: () => undefined };
/** Announces itself once at the start, then only on refresh(). */
const intervalMs = 3_600_000;

describe('the replica count', () => {
  test('is 1 at once for a single router', async () => {
    await using registry = createMemoryRegistry(createManualClock().now);
    await using alone = startReplicaCount(registry, quiet, { replicaId: 'a', intervalMs });
    expect(alone.count()).toBe(1);
    await alone.refresh();
    expect(alone.count()).toBe(1);
  });

  test('grows when a router starts, and shrinks when one stops or becomes silent', async () => {
    const clock = createManualClock();
    await using registry = createMemoryRegistry(clock.now);
    await using first = startReplicaCount(registry, quiet, { replicaId: 'first', intervalMs });
    const second = startReplicaCount(registry, quiet, { replicaId: 'second', intervalMs });
    await registry.announceReplica('third');
    await first.refresh();
    expect(first.count()).toBe(3);
    await second[Symbol.asyncDispose]();
    await first.refresh();
    expect(first.count()).toBe(2);
    clock.advance(5_000);
    await first.refresh();
    expect(first.count()).toBe(1);
  });

  test('keeps the last number while Redis is silent, and reports loss and recovery once each', async () => {
    await using server = await startRedis();
    await using registry = createRedisRegistry({
      url: server.url,
      name: 'test',
      random: () => 0,
      commandTimeoutMs: 1_000,
      replicaLifetimeMs: 60_000,
    });
    await registry.announceReplica('other');
    const said: string[] = [];
    const events = { onLost: ({ message }: Error) => said.push(message), onFound: () => said.push('found') };
    await using count = startReplicaCount(registry, events, { replicaId: 'this', intervalMs });
    await eventually('the other router to be counted', () => count.count() === 2);

    server.signal('SIGSTOP');
    await count.refresh();
    await count.refresh();
    expect(said).toEqual(['Redis is not available: no answer in time']);
    expect(count.count()).toBe(2);

    server.signal('SIGCONT');
    await eventually('the return to be noticed', () => count.refresh().then(() => said.includes('found')));
    expect(said).toEqual(['Redis is not available: no answer in time', 'found']);
    expect(count.count()).toBe(2);
  });

  test('stops within its timeout when Redis is silent', async () => {
    await using server = await startRedis();
    await using registry = createRedisRegistry({
      url: server.url,
      name: 'test',
      random: () => 0,
      commandTimeoutMs: 60_000,
    });
    const count = startReplicaCount(registry, quiet, { replicaId: 'this', intervalMs, withdrawTimeoutMs: 50 });
    await count.refresh();
    server.signal('SIGSTOP');
    const startedMs = performance.now();
    await count[Symbol.asyncDispose]();
    expect(performance.now() - startedMs).toBeLessThan(boundMs(2_000));
    server.signal('SIGCONT');
  });
});

function countOf(count: number, isFresh: boolean): ReplicaCount {
  return {
    count: () => count,
    isFresh: () => isFresh,
    refresh: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

test.each([
  ['the largest of several that answer', [countOf(2, true), countOf(3, true)], 3, true],
  ['not the number of a lost registry', [countOf(2, true), countOf(16, false)], 2, true],
  ['the last known number when all are lost', [countOf(4, false), countOf(3, false)], 4, false],
])('the combined count is %s', (_, counts, expected, isFresh) => {
  const combined = combineReplicaCounts(counts);
  expect([combined.count(), combined.isFresh()]).toEqual([expected, isFresh]);
});
