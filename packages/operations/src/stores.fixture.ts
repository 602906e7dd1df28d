import type { AuditEvent } from '@turn-router/contract/registry';
import {
  createMemoryAuditLog,
  createMemoryHash,
  createRedisApiKeys,
  createRedisAuditLog,
  createRedisRevocations,
  type AuditLog,
  type HashStore,
} from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import type { EntryStore } from './entries.ts';
import type { OperationParts } from './operation-parts.ts';

/** Noon of 21 November 2026. */
export const noonMs = Date.parse('2026-11-21T12:00:00Z');

/** The same stores through two sets of connections, as for two operators who work at the same time. */
export interface StoresUnderTest extends AsyncDisposable {
  readonly parts: OperationParts;
  readonly others: OperationParts;
  /** Returns the recorded audit events, oldest first. */
  readonly written: () => Promise<readonly AuditEvent[]>;
}

export type OpenStores = () => Promise<StoresUnderTest>;

type Connections = { readonly keys: HashStore; readonly revocations: HashStore };

/** The random bytes are all 1 in the first secret, all 2 in the second, and so on. */
function createStoresUnderTest(own: Connections, others: Connections, log: AuditLog): StoresUnderTest {
  let draws = 0;
  const appended: Promise<boolean>[] = [];
  const shared = {
    trail: { record: (event: AuditEvent) => void appended.push(log.append(event)) },
    nowMs: createManualClock(noonMs).now,
    randomBytes: (size: number) => Buffer.alloc(size, (draws += 1)),
  };
  return {
    parts: { ...own, ...shared },
    others: { ...others, ...shared },
    async written() {
      await Promise.all(appended);
      const { entries } = await log.read({ sinceMs: 0, limit: 1_000 });
      return entries.toReversed().map(({ id: _id, atMs: _atMs, ...event }) => event);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(appended);
      const stores = [own.keys, own.revocations, others.keys, others.revocations, log];
      await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    },
  };
}

export function openInMemory(): Promise<StoresUnderTest> {
  const stores = { keys: createMemoryHash(), revocations: createMemoryHash() };
  return Promise.resolve(createStoresUnderTest(stores, stores, createMemoryAuditLog(createManualClock(noonMs).now)));
}

export function openInRedis(url: string): StoresUnderTest {
  const options = {
    url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
    // Long enough for a busy machine.
    commandTimeoutMs: 60_000,
  };
  const connect = () => ({ keys: createRedisApiKeys(options), revocations: createRedisRevocations(options) });
  return createStoresUnderTest(connect(), connect(), createRedisAuditLog(options));
}

export async function put(store: EntryStore, entries: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(entries)) await store.replace(name, undefined, text);
}

/** Returns all entries. JSON objects are parsed; other texts are returned unchanged. */
export async function contentOf(store: EntryStore): Promise<Record<string, unknown>> {
  const stored = (await store.readAll()) ?? new Map<string, string>();
  return Object.fromEntries([...stored].map(([name, text]) => [name, text.startsWith('{') ? JSON.parse(text) : text]));
}

/** Wraps a store so that `meanwhile` runs before each of the first `times` writes. */
export function withConcurrentChange(store: EntryStore, meanwhile: () => Promise<unknown>, times = 1): EntryStore {
  let left = times;
  async function interrupt(): Promise<void> {
    if (left === 0) return;
    left -= 1;
    await meanwhile();
  }
  return {
    readAll: () => store.readAll(),
    findLoss: () => store.findLoss(),
    async replace(...entry) {
      await interrupt();
      return store.replace(...entry);
    },
    async replaceAll(entries) {
      await interrupt();
      return store.replaceAll(entries);
    },
  };
}
