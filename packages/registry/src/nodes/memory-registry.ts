import { redisKeyFromNodeKey, type NodeKey } from '@turn-router/contract/registry';
import { RegistryError } from '../registry-error.ts';
import {
  recordsMax as defaultRecordsMax,
  replicaLifetimeMs,
  type NodeRecord,
  type NodeRegistry,
} from './node-registry.ts';

/** The changes that a follower has not read yet, by the node's key in Redis. */
type UnreadChanges = { readonly changed: Map<string, NodeRecord>; readonly gone: Map<string, NodeKey> };

/**
 * Creates the embedded registry, for one router process whose nodes report to it over HTTP. Its content is lost when the process ends.
 *
 * @param monotonicNowMs a monotonic clock, ms
 * @param recordsMax the largest number of nodes; further nodes are refused
 */
export function createMemoryRegistry(monotonicNowMs: () => number, recordsMax = defaultRecordsMax): NodeRegistry {
  const entries = new Map<string, { record: NodeRecord; expiresAtMs: number }>();
  const replicas = new Map<string, { expiresAtMs: number }>();
  const followers: UnreadChanges[] = [];

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
      if (!entries.has(name) && entries.size >= recordsMax) {
        removeExpired();
        if (entries.size >= recordsMax) return Promise.reject(full(recordsMax));
      }
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
      const unread: UnreadChanges = { changed: new Map(), gone: new Map() };
      for (const [name, { record }] of entries) unread.changed.set(name, record);
      followers.push(unread);
      return {
        read() {
          removeExpired();
          const reading = { changed: [...unread.changed.values()], gone: [...unread.gone.values()], rejected: [] };
          unread.changed.clear();
          unread.gone.clear();
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

function full(recordsMax: number): RegistryError {
  return new RegistryError('refused', `The registry is full: expected at most ${recordsMax} nodes`, {
    fault: 'out_of_memory',
  });
}
