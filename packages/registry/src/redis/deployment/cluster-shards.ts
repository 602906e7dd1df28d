import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import type { ConnectionOptions } from '../connection/connection-settings.ts';
import { reconnectSpreadMs } from '../connection/reconnect-delay.ts';
import { registryErrorFrom } from '../connection/registry-error-from.ts';
import type { SupervisedClient } from '../connection/supervise-client.ts';
import { readLengths, scanNames, type Shard } from '../reading/shard.ts';
import { createStateReader, faultOfPrimary, faultOfReplica, staleRole } from './server-state.ts';
import { valuesFromCluster } from './values-from-cluster.ts';

/** A shard that has come into being is learned from redirections at once, and without any after this many readings, 5 s. */
const readingsPerRefresh = 12;

export interface ClusterShards {
  /** All shards; rejects with a RegistryError when one of them cannot be read. */
  readonly open: (from: 'primary' | 'replica') => Promise<Shard[]>;
  readonly close: () => void;
}

/** The shards of a cluster as it is now; learns it anew when one is not where it was. */
export function openClusterShards(
  { client, run }: SupervisedClient<Cluster>,
  { random }: Pick<ConnectionOptions, 'random'>,
): ClusterShards {
  const readState = createStateReader();
  const closed = new AbortController();
  /** Which of several replicas is read: others read others, but this one always the same. */
  const share = random();
  let readings = 0;
  let isRefreshDue = false;

  /** Not at once where all clients would ask at once. */
  async function refresh(afterMs: number): Promise<void> {
    if (isRefreshDue) return;
    isRefreshDue = true;
    await delay(afterMs, undefined, { signal: closed.signal }).catch(() => undefined);
    isRefreshDue = false;
    if (client.status !== 'ready') return;
    client.refreshSlotsCache((error) => {
      // No node that we know of answers: those that the URL names may.
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
      listNames: () => runHere(scanNames),
      values: (names) => runHere((redis) => valuesFromCluster(redis, client, names)),
      lengths: (names) => runHere((redis) => readLengths(redis, names)),
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
            throw new RegistryError('unavailable', 'Redis is not available: no shard for some keys', {
              fault: 'cluster_down',
            });
          return await Promise.all(
            addresses.map(({ primary, replicas }) => {
              const replica = replicas[Math.floor(share * replicas.length)];
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

/** A node that does not answer is let go, and found again when the cluster still names it. */
async function runOnNode<T>(node: Redis, commands: (redis: Redis) => Promise<T>): Promise<T> {
  try {
    return await commands(node);
  } catch (error) {
    const reason = registryErrorFrom(error);
    if (reason.fault === 'timeout') node.disconnect();
    throw reason;
  }
}

/** A part of the slots: who writes it, and who has copies. `host:port` each. */
type ShardAddresses = { readonly primary: string; readonly replicas: readonly string[] };

/**
 * The shards of a cluster, by its slots.
 *
 * @param slots for each slot its primary, then its replicas; absent for one that nobody serves
 * @returns undefined when not every slot is served
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

/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, key distribution model */
const slotCount = 16_384;
