import { redisKeyFromNodeKey, type NodeKey } from '@turn-router/contract/registry';
import { replicaLifetimeMs, type NodeRecord, type NodeRegistry } from './node-registry.ts';

/** What a follower has not been told yet, by the node's key in Redis. */
type Untold = { readonly changed: Map<string, NodeRecord>; readonly gone: Map<string, NodeKey> };

/**
 * The embedded registry: for one router process whose nodes report to it over HTTP. Forgets everything when the process ends.
 *
 * @param monotonicNowMs a clock that never steps, milliseconds
 */
export function createMemoryRegistry(monotonicNowMs: () => number): NodeRegistry {
  const entries = new Map<string, { record: NodeRecord; expiresAtMs: number }>();
  const replicas = new Map<string, { expiresAtMs: number }>();
  const followers: Untold[] = [];

  function remove(name: string): void {
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    for (const { changed, gone } of followers) {
      changed.delete(name);
      gone.set(name, entry.record.key);
    }
  }

  function removeExpired(): void {
    const nowMs = monotonicNowMs();
    for (const [name, { expiresAtMs }] of entries) if (expiresAtMs <= nowMs) remove(name);
  }

  return {
    put(key, report, ttlMs) {
      const name = redisKeyFromNodeKey(key);
      const record: NodeRecord = { key, report: { ...report } };
      entries.set(name, { record, expiresAtMs: monotonicNowMs() + ttlMs });
      for (const { changed, gone } of followers) {
        changed.set(name, record);
        gone.delete(name);
      }
      return Promise.resolve();
    },
    remove(key) {
      remove(redisKeyFromNodeKey(key));
      return Promise.resolve();
    },
    readAll() {
      removeExpired();
      return Promise.resolve({ records: [...entries.values()].map(({ record }) => record), rejected: [] });
    },
    follow() {
      const untold: Untold = { changed: new Map(), gone: new Map() };
      for (const [name, { record }] of entries) untold.changed.set(name, record);
      followers.push(untold);
      return {
        read() {
          removeExpired();
          const reading = { changed: [...untold.changed.values()], gone: [...untold.gone.values()], rejected: [] };
          untold.changed.clear();
          untold.gone.clear();
          return Promise.resolve(reading);
        },
      };
    },
    announceReplica(replicaId) {
      const nowMs = monotonicNowMs();
      replicas.set(replicaId, { expiresAtMs: nowMs + replicaLifetimeMs });
      for (const [id, { expiresAtMs }] of replicas) if (expiresAtMs <= nowMs) replicas.delete(id);
      return Promise.resolve(replicas.size);
    },
    withdrawReplica(replicaId) {
      replicas.delete(replicaId);
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
