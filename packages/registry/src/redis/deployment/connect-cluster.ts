import { Cluster } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import { superviseClient } from '../connection/supervise-client.ts';
import type { ClusterTarget } from '../url/redis-target.ts';
import { openClusterShards } from './cluster-shards.ts';
import { readPreferring, type RedisDeployment } from './redis-deployment.ts';

/** Connects to all primaries of a cluster, and to their replicas where the URL wants those read. */
export function connectCluster(target: ClusterTarget, options: ConnectionOptions): RedisDeployment {
  const { enableOfflineQueue, enableReadyCheck, ...redisOptions } = connectionSettings(options, target);
  const client = superviseClient(
    new Cluster(
      target.seeds.map(({ host, port }) => ({ host, port })),
      {
        redisOptions,
        // Counts at this level only. Each node has a queue of its own for the moment of connecting, which connectTimeout bounds.
        enableOfflineQueue,
        // Would refuse a cluster that lacks a slot; CLUSTERDOWN says it by itself.
        enableReadyCheck,
        // When no node is left.
        clusterRetryStrategy: createReconnectDelay(options),
        // A node that is lost is left out until the cluster names it again: its address may belong to somebody else by then.
        clusterNodeRetryStrategy: () => null,
        // How often one command may be sent on, 100 ms apart unless it was told where to: half a second, well within the next reading.
        maxRedirections: 5,
        retryDelayOnFailover: 100,
        retryDelayOnClusterDown: 100,
        retryDelayOnTryAgain: 100,
        slotsRefreshTimeout: options.commandTimeoutMs,
        // What may be read from a replica is sent to it by hand.
        scaleReads: 'master',
        // Would be wrong while slots move (redis/ioredis: it groups by what the slots were).
        enableAutoPipelining: false,
        // Leaves names to each connection's own look-up: TLS needs them, and addresses behind them change.
        dnsLookup: (host, callback) => callback(null, host),
      },
    ),
    options,
    // A node tells which there are; then those are connected to.
    2,
  );
  const shards = openClusterShards(client, options);
  return {
    write: (commands) => client.run(commands),
    read: (work) =>
      readPreferring(
        target.readsReplica ? () => shards.open('replica') : undefined,
        () => shards.open('primary'),
        work,
      ),
    close() {
      shards.close();
      client.close();
    },
  };
}
