import { describe, expect, test } from '@jest/globals';
import { createManualClock, freePort, startRedis } from '@turn-router/testing';
import { createLogger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import { frankfurt, report } from './follow-fleet.fixture.ts';
import { openRegistries } from './registries.ts';

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

  test('reads records on, while the name of a proof is so long that no proof can be read', async () => {
    await using redis = await startRedis();
    await using registries = open(redis.url);
    const [source] = registries.sources;
    const [proofs] = registries.proofs;
    await source?.registry.put(frankfurt.key, report, 15_000);
    await redis.cli(
      'EVAL',
      "return redis.call('SET', 'turn:proof:' .. string.rep('x', 34e6) .. ':y:fra:n1', '1')",
      '0',
    );
    for (let reading = 0; reading < 3; reading += 1) {
      const records = source?.registry.readAll();
      await expect(proofs?.store.readAllProofs()).rejects.toThrow(expect.objectContaining({ name: 'RegistryError' }));
      expect(await records).toMatchObject({ records: [frankfurt] });
    }
  });
});
