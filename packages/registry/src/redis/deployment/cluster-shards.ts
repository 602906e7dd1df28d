import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import type { ConnectionOptions } from '../connection/connection-settings.ts';
import { reconnectSpreadMs } from '../connection/reconnect-delay.ts';
import { registryErrorFrom } from '../connection/registry-error-from.ts';
import { slotCount } from '../connection/slots.ts';
import type { SupervisedClient } from '../connection/supervise-client.ts';
import { readLengths, readTtls, scanNames, type Shard } from '../reading/shard.ts';
import { createStateReader, faultOfPrimary, faultOfReplica, staleRole } from './server-state.ts';
import { valuesFromCluster } from './values-from-cluster.ts';

/**
 * Readings between two refreshes of the slot map, about 5 s. Redirections reveal a new shard at once. The periodic refresh is for the case
 * without redirections.
 */
const readingsPerRefresh = 12;

export interface ClusterShards {
  /** Opens all shards. Rejects with a RegistryError when one of them cannot be read. */
  readonly open: (from: 'primary' | 'replica') => Promise<Shard[]>;
  readonly close: () => void;
}

/** Opens the current shards of a cluster, and refreshes the slot map when a shard has moved. */
export function openClusterShards(
  { client, run }: SupervisedClient<Cluster>,
  { random }: Pick<ConnectionOptions, 'random'>,
): ClusterShards {
  const readState = createStateReader();
  const closed = new AbortController();
  /** Selects the replica to read. Each client always reads the same replica. The clients are spread over all replicas. */
  const replicaChoice = random();
  let readings = 0;
  let isRefreshDue = false;

  /** Refreshes the slot map after a delay. The delay spreads the load when all clients lose the same node. */
  async function refresh(afterMs: number): Promise<void> {
    if (isRefreshDue) return;
    isRefreshDue = true;
    await delay(afterMs, undefined, { signal: closed.signal }).catch(() => undefined);
    isRefreshDue = false;
    if (client.status !== 'ready') return;
    client.refreshSlotsCache((error) => {
      // No known node answers: reconnect to the nodes in the URL.
      if (error !== undefined && error !== null && client.status === 'ready' && !closed.signal.aborted) {
        client.disconnect(true);
      }
    });
  }

  async function openShard(address: string, from: 'primary' | 'replica'): Promise<Shard> {
    const node = client.nodes('all').find(({ options }) => `${options.host}:${options.port}` === address);
    if (node === undefined)
      throw new RegistryError('unavailable', 'Redis is not available: a shard has no connection', {
        fault: 'connection',
      });
    const runHere = <T>(commands: (redis: Redis) => Promise<T>) => runOnNode(node, commands);
    const state = await runHere(readState);
    const fault = from === 'primary' ? faultOfPrimary(state) : faultOfReplica(state);
    if (fault !== undefined) throw staleRole(fault);
    return {
      serverId: state.runId,
      listNames: (glob, take) => runHere((redis) => scanNames(redis, glob, take)),
      values: (names) => runHere((redis) => valuesFromCluster(redis, client, names)),
      lengths: (names) => runHere((redis) => readLengths(redis, names)),
      ttls: (names) => runHere((redis) => readTtls(redis, names)),
    };
  }

  return {
    open: (from) =>
      run(async () => {
        readings += 1;
        if (readings % readingsPerRefresh === 0) void refresh(0);
        try {
          const addresses = shardsFromSlots(client.slots);
          if (addresses === undefined)
            throw new RegistryError('unavailable', 'Redis is not available: some cluster slots have no node', {
              fault: 'cluster_down',
            });
          return await Promise.all(
            addresses.map(({ primary, replicas }) => {
              const replica = replicas[Math.floor(replicaChoice * replicas.length)];
              return from === 'primary' || replica === undefined
                ? openShard(primary, 'primary')
                : openShard(replica, 'replica');
            }),
          );
        } catch (error) {
          const reason = registryErrorFrom(error);
          void refresh(reason.fault === 'connection' ? random() * reconnectSpreadMs : 0);
          throw reason;
        }
      }),
    close: () => closed.abort(),
  };
}

/** Runs commands on one node. Disconnects a node that times out; the cluster client reconnects if the cluster still lists it. */
async function runOnNode<T>(node: Redis, commands: (redis: Redis) => Promise<T>): Promise<T> {
  try {
    return await commands(node);
  } catch (error) {
    const reason = registryErrorFrom(error);
    if (reason.fault === 'timeout') node.disconnect();
    throw reason;
  }
}

/** The primary and the replicas of one part of the slots, each as `host:port`. */
type ShardAddresses = { readonly primary: string; readonly replicas: readonly string[] };

/**
 * Derives the shards of a cluster from its slots.
 *
 * @param slots for each slot its primary, then its replicas; absent for a slot without a node
 * @returns undefined when a slot has no node
 */
function shardsFromSlots(slots: readonly (readonly string[] | undefined)[]): ShardAddresses[] | undefined {
  const shards = new Map<string, ShardAddresses>();
  for (let slot = 0; slot < slotCount; slot += 1) {
    const [primary, ...replicas] = slots[slot] ?? [];
    if (primary === undefined) return undefined;
    if (!shards.has(primary)) shards.set(primary, { primary, replicas });
  }
  return [...shards.values()];
}
