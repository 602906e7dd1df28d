import { redisKeyFromNodeKey } from '@turn-router/contract/registry';
import { exchangeLimits } from '../limits/exchange-limits.ts';
import type { LimitLedger } from '../limits/limit-ledger.ts';
import { replicaLifetimeMs as defaultReplicaLifetimeMs, type NodeRegistry } from '../nodes/node-registry.ts';
import { announceReplica, replicasKey } from '../replicas/announce-replica.ts';
import { connectToRedis } from './deployment/connect-to-redis.ts';
import { createFleetReader } from './reading/fleet-reader.ts';

export type RedisRegistryOptions = {
  /** One URL, in any form that `parseRedisUrl` reads. */
  url: string;
  /** How this client is called in `CLIENT LIST`. */
  name: string;
  /** Uniform in [0, 1): spreads the reconnects of many replicas. */
  random: () => number;
  /** A clock that never steps, ms. Default: that of the process. */
  monotonicNowMs?: () => number;
  /** How long one command may take, ms. Default 1000: twice a refresh, far above any healthy answer. */
  commandTimeoutMs?: number;
  /** How long an announced router counts, ms; the same at every router. Default: the constant of that name. */
  replicaLifetimeMs?: number;
};

/** The registry in Redis, whose clock can be asked for, and where routers add up what they have let through. */
export type RedisRegistry = NodeRegistry &
  LimitLedger & {
    /** What time it is for Redis (`TIME`), Unix milliseconds; rejects as every other call does. */
    readClock(): Promise<number>;
  };

/**
 * The registry in Redis: one key a node, `turn:node:<region>:<id>`, gone by itself when its reporter falls silent; and `turn:routers`
 * for the routers; `turn:limit:*` for callers that are limited.
 *
 * @throws RedisUrlFault
 */
export function createRedisRegistry(options: RedisRegistryOptions): RedisRegistry {
  const {
    url,
    name,
    random,
    monotonicNowMs = () => performance.now(),
    commandTimeoutMs = 1000,
    replicaLifetimeMs = defaultReplicaLifetimeMs,
  } = options;
  const deployment = connectToRedis(url, { name, random, monotonicNowMs, commandTimeoutMs });
  const reader = createFleetReader();
  return {
    put: (key, report, ttlMs) =>
      deployment.write(async (redis) => {
        await redis.set(redisKeyFromNodeKey(key), JSON.stringify(report), 'PX', ttlMs);
      }),
    remove: (key) =>
      deployment.write(async (redis) => {
        await redis.del(redisKeyFromNodeKey(key));
      }),
    async readAll() {
      const { changed: _, gone: __, ...reading } = await deployment.read((shards) => reader.read(shards));
      return reading;
    },
    follow() {
      const ofFollower = createFleetReader();
      return { read: () => deployment.read((shards) => ofFollower.read(shards)) };
    },
    announceReplica: (replicaId) => deployment.write((redis) => announceReplica(redis, replicaId, replicaLifetimeMs)),
    withdrawReplica: (replicaId) =>
      deployment.write(async (redis) => {
        await redis.zrem(replicasKey, replicaId);
      }),
    exchangeLimits: (replicaId, reports, busy) =>
      deployment.write((redis) => exchangeLimits(redis, replicaId, reports, busy)),
    readClock: () =>
      deployment.write(async (redis) => {
        const [seconds, microseconds] = await redis.time();
        return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
      }),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}
