import { setTimeout as delay } from 'node:timers/promises';
import type { NodeRecord, NodeRegistry, RejectedRecord } from './node-registry.ts';
import { RegistryError } from './registry-error.ts';

/** The registry as last read. */
export type RegistrySnapshot = {
  readonly records: readonly NodeRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** When it was read, by the feed's clock. */
  readonly readAtMs: number;
};

export type SnapshotFeedEvents = {
  onSnapshot(snapshot: RegistrySnapshot): void;
  /** A reading failed after one that did not (or at the start). The last snapshot stays. */
  onLost(error: RegistryError): void;
  /** A reading succeeded after one that did not. */
  onFound(): void;
};

export interface SnapshotFeed extends AsyncDisposable {
  /** Undefined until the first reading has succeeded; never undefined again. */
  snapshot(): RegistrySnapshot | undefined;
  /** Whether the last reading succeeded. */
  isFresh(): boolean;
  /** Reads once, and reports what came of it. The loop does this by itself. */
  refresh(): Promise<void>;
}

/** Time between two readings, ms. A report is used at most this and one reading later, so well within a second. */
const defaultIntervalMs = 400;

/**
 * Reads the registry over and over at a constant rate, whatever the number of requests. Those who decide read the snapshot from memory
 * and never wait; when the registry is away, the last one goes on serving.
 */
export function startSnapshotFeed(
  registry: NodeRegistry,
  events: SnapshotFeedEvents,
  options: { monotonicNowMs: () => number; intervalMs?: number },
): SnapshotFeed {
  const { monotonicNowMs, intervalMs = defaultIntervalMs } = options;
  let snapshot: RegistrySnapshot | undefined;
  let state: 'starting' | 'fresh' | 'lost' = 'starting';

  async function refresh(): Promise<void> {
    let reading;
    try {
      reading = await registry.readAll();
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      if (state !== 'lost') {
        state = 'lost';
        events.onLost(error);
      }
      return;
    }
    if (state === 'lost') events.onFound();
    state = 'fresh';
    snapshot = { ...reading, readAtMs: monotonicNowMs() };
    events.onSnapshot(snapshot);
  }

  const stopped = new AbortController();
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await refresh();
      await delay(intervalMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();

  return {
    snapshot: () => snapshot,
    isFresh: () => state === 'fresh',
    refresh,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop;
    },
  };
}
