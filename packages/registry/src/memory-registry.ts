import { redisKeyFromNodeKey } from '@turn-router/contract';
import type { NodeRecord, NodeRegistry } from './node-registry.ts';

/**
 * The embedded registry: for one router process whose nodes report to it over HTTP. Forgets everything when the process ends.
 *
 * @param monotonicNowMs a clock that never steps, milliseconds
 */
export function createMemoryRegistry(monotonicNowMs: () => number): NodeRegistry {
  const entries = new Map<string, NodeRecord & { expiresAtMs: number }>();
  return {
    put(key, report, ttlMs) {
      entries.set(redisKeyFromNodeKey(key), { key, report, expiresAtMs: monotonicNowMs() + ttlMs });
      return Promise.resolve();
    },
    remove(key) {
      entries.delete(redisKeyFromNodeKey(key));
      return Promise.resolve();
    },
    readAll() {
      const nowMs = monotonicNowMs();
      for (const [name, { expiresAtMs }] of entries) {
        if (expiresAtMs <= nowMs) entries.delete(name);
      }
      const records = [...entries.values()].map(({ key, report }) => ({ key, report }));
      return Promise.resolve({ records, rejected: [] });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
