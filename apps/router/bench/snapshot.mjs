// Measures the time to read a whole fleet from Redis, as routers do at intervals.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createRedisRegistry } from '@turn-router/registry';
import { median } from './figures.mjs';

const resolutionMs = 1;

/**
 * @param {number} redisPort
 * @param {number} refreshes
 * @returns {Promise<{firstMs: number, refreshMs: number, blockedMaxMs: number}>} `refreshMs`: the median of all reads after the first one
 */
export async function measureSnapshot(redisPort, refreshes) {
  const registry = createRedisRegistry({ url: `redis://127.0.0.1:${redisPort}`, name: 'bench', random: Math.random });
  const blocked = monitorEventLoopDelay({ resolution: resolutionMs });
  const timeOf = async () => {
    const startedAtMs = performance.now();
    await registry.readAll();
    return performance.now() - startedAtMs;
  };
  try {
    const firstMs = await timeOf();
    const later = [];
    blocked.enable();
    for (let refresh = 0; refresh < refreshes; refresh += 1) {
      await delay(400);
      later.push(await timeOf());
    }
    return { firstMs, refreshMs: median(later), blockedMaxMs: Math.max(0, blocked.max / 1e6 - resolutionMs) };
  } finally {
    blocked.disable();
    await registry[Symbol.asyncDispose]();
  }
}
