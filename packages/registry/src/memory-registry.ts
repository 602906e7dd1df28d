import { redisKeyFromNodeKey } from '@turn-router/contract';
import { replicaLifetimeMs, type NodeRecord, type NodeRegistry } from './node-registry.ts';

/**
 * The embedded registry: for one router process whose nodes report to it over HTTP. Forgets everything when the process ends.
 *
 * @param monotonicNowMs a clock that never steps, milliseconds
 */
export function createMemoryRegistry(monotonicNowMs: () => number): NodeRegistry {
  const entries = new Map<string, { record: NodeRecord; expiresAtMs: number }>();
  const replicas = new Map<string, { expiresAtMs: number }>();

  return {
    put(key, report, ttlMs) {
      entries.set(redisKeyFromNodeKey(key), {
        record: { key, report: { ...report } },
        expiresAtMs: monotonicNowMs() + ttlMs,
      });
      return Promise.resolve();
    },
    remove(key) {
      entries.delete(redisKeyFromNodeKey(key));
      return Promise.resolve();
    },
    readAll() {
      dropExpired(entries, monotonicNowMs());
      return Promise.resolve({ records: [...entries.values()].map(({ record }) => record), rejected: [] });
    },
    announceReplica(replicaId) {
      const nowMs = monotonicNowMs();
      replicas.set(replicaId, { expiresAtMs: nowMs + replicaLifetimeMs });
      dropExpired(replicas, nowMs);
      return Promise.resolve(replicas.size);
    },
    withdrawReplica(replicaId) {
      replicas.delete(replicaId);
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function dropExpired(entries: Map<string, { expiresAtMs: number }>, nowMs: number): void {
  for (const [name, { expiresAtMs }] of entries) {
    if (expiresAtMs <= nowMs) entries.delete(name);
  }
}
