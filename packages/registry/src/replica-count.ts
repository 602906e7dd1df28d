import { setTimeout as delay } from 'node:timers/promises';
import type { NodeRegistry } from './node-registry.ts';
import { createOutageWatch, type OutageEvents } from './outage-watch.ts';
import { RegistryError } from './registry-error.ts';
import { startLoop } from './start-loop.ts';

export interface ReplicaCount extends AsyncDisposable {
  /** Routers that share the registry's nodes, this one included, as last heard; 1 until the registry has first answered. */
  count(): number;
  /** Whether the registry answered the last time. */
  isFresh(): boolean;
  /** Says once that this router is alive, and hears how many are. The loop does this by itself. */
  refresh(): Promise<void>;
}

/** Time between two announcements, ms: a router may lose three in a row and still be counted. */
const defaultIntervalMs = 1_000;

/** How long disposing may take to say goodbye, ms. A router that cannot is counted for its lifetime longer, like one that crashed. */
const defaultFarewellMs = 500;

/**
 * Says over and over that this router is alive, and knows how many are. While the registry is away the last number stands: routers do not
 * stop because their registry does.
 */
export function startReplicaCount(
  registry: Pick<NodeRegistry, 'announceReplica' | 'withdrawReplica'>,
  events: OutageEvents,
  options: { replicaId: string; intervalMs?: number; farewellMs?: number },
): ReplicaCount {
  const { replicaId, intervalMs = defaultIntervalMs, farewellMs = defaultFarewellMs } = options;
  const watch = createOutageWatch(events);
  let count = 1;

  async function refresh(): Promise<void> {
    count = (await watch.attempt(() => registry.announceReplica(replicaId))) ?? count;
  }

  const loop = startLoop(refresh, intervalMs);
  async function sayGoodbye(): Promise<void> {
    // Or an announcement under way could come after it.
    await loop[Symbol.asyncDispose]();
    await registry.withdrawReplica(replicaId).catch(passOverOutage);
  }

  return {
    count: () => count,
    isFresh: () => !watch.isLost(),
    refresh,
    async [Symbol.asyncDispose]() {
      const enough = new AbortController();
      const patience = delay(farewellMs, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([sayGoodbye().finally(() => enough.abort()), patience]);
    },
  };
}

/** The count of a router that is stopping is nobody's concern any more, so nothing is said. */
function passOverOutage(error: unknown): void {
  if (!(error instanceof RegistryError)) throw error;
}
