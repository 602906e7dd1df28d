import { describe, expect, test } from '@jest/globals';
import { createRedisRegistry } from '@turn-router/registry';
import { eventually, startRedis, type RedisServer } from '@turn-router/testing';
import { followLedger } from './follow-ledger.ts';
import { createLimiter } from './limiter.ts';

function follow(server: RedisServer, { isOn = () => true }: { isOn?: () => boolean } = {}) {
  const registry = createRedisRegistry({ url: server.url, name: 'test', random: () => 0, commandTimeoutMs: 1_000 });
  const said: string[] = [];
  const limiter = createLimiter();
  const followed = followLedger({
    limiter,
    ledger: registry,
    replicaId: 'a',
    countReplicas: () => 3,
    isOn,
    monotonicNowMs: () => performance.now(),
    onLost: ({ message }) => said.push(message),
    onFound: () => said.push('found'),
  });
  return {
    said,
    limiter,
    followed,
    async [Symbol.asyncDispose]() {
      await followed[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

const limited = [{ kind: 'key', id: 'k1', perMinute: 100 }] as const;

describe('a limiter that shares its limits over Redis', () => {
  test('gets a lease within a moment when it needs one', async () => {
    await using server = await startRedis();
    await using router = follow(server);
    await eventually('the first answer', () => router.followed.limitContext().aloneSinceMs === undefined);
    let passed = 0;
    await eventually(
      'the whole limit',
      () => {
        const { isRefused, needsLease } = router.limiter.judge(limited, router.followed.limitContext());
        if (!isRefused) passed += 1;
        if (needsLease) router.followed.hurry();
        return passed === 100;
      },
      { everyMs: 2 },
    );
    const { states } = router.limiter.judge(limited, router.followed.limitContext());
    expect(states).toMatchObject([{ isRefused: true, remaining: 0 }]);
  });

  test('reports the loss of Redis once, enforces its share, and reports the return once', async () => {
    await using server = await startRedis();
    await using router = follow(server);
    const isAlone = () => router.followed.limitContext().aloneSinceMs !== undefined;
    await eventually('the first answer', () => !isAlone());
    server.signal('SIGSTOP');
    await eventually('the loss', () => isAlone() && router.said.length > 0);
    const verdicts = Array.from({ length: 50 }, () => router.limiter.judge(limited, router.followed.limitContext()));
    expect(verdicts.filter(({ isRefused }) => !isRefused)).toHaveLength(34);
    server.signal('SIGCONT');
    await eventually('the return', () => !isAlone());
    expect(router.said).toEqual(['Redis is not available: no answer in time', 'found']);
    await eventually('the ledger to know', async () =>
      (await server.cli('--scan', '--pattern', 'turn:limit:{?}:*')).includes('turn:limit:'),
    );
  });

  test('sends nothing to Redis while nothing is limited', async () => {
    await using server = await startRedis();
    let asked = 0;
    const isOn = () => {
      asked += 1;
      return false;
    };
    await using _router = follow(server, { isOn });
    await eventually('two turns', () => asked >= 2);
    expect(await server.cli('KEYS', '*')).toBe('\n');
  });
});
