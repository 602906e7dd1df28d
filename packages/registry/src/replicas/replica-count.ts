import { setTimeout as delay } from 'node:timers/promises';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { NodeRegistry } from '../nodes/node-registry.ts';
import { RegistryError } from '../registry-error.ts';

export interface ReplicaCount extends AsyncDisposable {
  /** The last known number of routers that share the registry's nodes, this one included; 1 until the registry first answers. */
  count(): number;
  /** Whether the registry answered the last announcement. */
  isFresh(): boolean;
  /** Announces this router once and updates the count. The loop calls it periodically. */
  refresh(): Promise<void>;
}

/** Time between two announcements, ms. A router that misses three in a row is still counted. */
const defaultIntervalMs = 1_000;

/**
 * The longest time that disposal waits for the withdrawal, ms. If a router cannot withdraw, it is counted until its lifetime ends, as after
 * a crash.
 */
const defaultWithdrawTimeoutMs = 500;

/**
 * Announces this router periodically and keeps the number of live routers. While the registry is unreachable, it keeps the last number,
 * because the routers keep running.
 */
export function startReplicaCount(
  registry: Pick<NodeRegistry, 'announceReplica' | 'withdrawReplica'>,
  events: OutageEvents,
  options: { replicaId: string; intervalMs?: number; withdrawTimeoutMs?: number },
): ReplicaCount {
  const { replicaId, intervalMs = defaultIntervalMs, withdrawTimeoutMs = defaultWithdrawTimeoutMs } = options;
  const watch = createOutageWatch(events);
  let count = 1;

  async function refresh(): Promise<void> {
    count = (await watch.attempt(() => registry.announceReplica(replicaId))) ?? count;
  }

  const loop = startLoop(refresh, intervalMs);
  async function withdraw(): Promise<void> {
    // An announcement still in progress would otherwise re-add the router after its withdrawal.
    await loop[Symbol.asyncDispose]();
    await registry.withdrawReplica(replicaId).catch(ignoreRegistryError);
  }

  return {
    count: () => count,
    isFresh: () => !watch.isLost(),
    refresh,
    async [Symbol.asyncDispose]() {
      const withdrawn = new AbortController();
      const timeout = delay(withdrawTimeoutMs, undefined, { signal: withdrawn.signal }).catch(() => undefined);
      await Promise.race([withdraw().finally(() => withdrawn.abort()), timeout]);
    },
  };
}

/** A stopping router no longer uses its count. So an outage is not reported then. */
function ignoreRegistryError(error: unknown): void {
  if (!(error instanceof RegistryError)) throw error;
}

/**
 * Combines the counts of several registries: the largest count of the registries that answer. If no registry answers, the largest count of
 * all. A router that cannot reach one registry still hands out the nodes of this registry.
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
