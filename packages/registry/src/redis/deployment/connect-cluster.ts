import { Cluster } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import { superviseClient } from '../connection/supervise-client.ts';
import type { ClusterTarget } from '../url/redis-target.ts';
import { openClusterShards } from './cluster-shards.ts';
import { readWithFallback, type RedisDeployment } from './redis-deployment.ts';

/** Connects to all primaries of a cluster, and to their replicas when the URL has `read=replica`. */
export function connectCluster(target: ClusterTarget, options: ConnectionOptions): RedisDeployment {
  const { enableOfflineQueue, enableReadyCheck, ...redisOptions } = connectionSettings(options, target);
  const client = superviseClient(
    new Cluster(
      target.seeds.map(({ host, port }) => ({ host, port })),
      {
        redisOptions,
        // This applies to the cluster client only. The client of each node queues commands while it connects, at most for connectTimeout.
        enableOfflineQueue,
        // The check would refuse a cluster in which a slot has no node. Commands then fail with CLUSTERDOWN anyway.
        enableReadyCheck,
        // This delay applies if no node is left.
        clusterRetryStrategy: createReconnectDelay(options),
        // If a node is lost, it is dropped until the cluster lists it again, because another server may then have its address.
        clusterNodeRetryStrategy: () => null,
        // The limit of redirections of one command. Without a target address they are 100 ms apart: half a second in total.
        maxRedirections: 5,
        retryDelayOnFailover: 100,
        retryDelayOnClusterDown: 100,
        retryDelayOnTryAgain: 100,
        slotsRefreshTimeout: options.commandTimeoutMs,
        // ClusterShards sends its reads to the replicas itself.
        scaleReads: 'master',
        // Pipelining would be wrong while slots move, because ioredis groups commands by the old slot map.
        enableAutoPipelining: false,
        // Keeps host names, so that each connection resolves them itself. TLS needs the names, and their addresses change.
        dnsLookup: (host, callback) => callback(null, host),
      },
    ),
    options,
    // Two steps: a seed returns the slot map, then the client connects to the nodes in it.
    2,
  );
  const shards = openClusterShards(client, options);
  return {
    write: (commands) => client.run(commands),
    read: (work) =>
      readWithFallback(
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
