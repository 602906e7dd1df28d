import { setTimeout as delay } from 'node:timers/promises';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { NodeRegistry } from '../nodes/node-registry.ts';
import { RegistryError } from '../registry-error.ts';

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

/**
 * Of routers that share several registries: the largest number that any of those that answer has heard of, since a router that has lost one
 * still gives out its nodes; of all, when none answers.
 */
export function combineReplicaCounts(counts: readonly ReplicaCount[]): ReplicaCount {
  return {
    count() {
      const fresh = counts.filter((each) => each.isFresh());
      return Math.max(1, ...(fresh.length > 0 ? fresh : counts).map((each) => each.count()));
    },
    isFresh: () => counts.some((each) => each.isFresh()),
    async refresh() {
      await Promise.all(counts.map((each) => each.refresh()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(counts.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
