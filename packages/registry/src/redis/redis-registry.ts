import {
  nodeReportMaxBytes,
  parseNodeReport,
  redisKeyFromNodeKey,
  type NodeKey,
  type NodeReport,
} from '@turn-router/contract/registry';
import { createRedisLimitLedger } from '../limits/redis-limit-ledger.ts';
import type { LimitLedger } from '../limits/limit-ledger.ts';
import {
  recordsMax as defaultRecordsMax,
  replicaLifetimeMs as defaultReplicaLifetimeMs,
  type NodeRegistry,
} from '../nodes/node-registry.ts';
import { proofsPerRecord } from '../proofs/proof-limits.ts';
import type { ProofStore } from '../proofs/proof-store.ts';
import { createRedisProofs } from '../proofs/redis-proofs.ts';
import { announceReplica, replicasKey } from '../replicas/announce-replica.ts';
import { connectToRedis } from './deployment/connect-to-redis.ts';
import { badReply, checkOk, textsFrom, wholeNumberFrom } from './replies.ts';
import { readTexts } from './reading/fit-values.ts';
import { createFleetReader } from './reading/fleet-reader.ts';

export type RedisRegistryOptions = {
  /** One URL, in any form that `parseRedisUrl` accepts. */
  url: string;
  /** This client's name in `CLIENT LIST`. */
  name: string;
  /** Uniform in [0, 1): spreads the reconnects of many replicas. */
  random: () => number;
  /** A monotonic clock, ms. Default: that of the process. */
  monotonicNowMs?: () => number;
  /** Timeout of one command, ms; default 1000: far above any healthy response time. */
  commandTimeoutMs?: number;
  /** Time for which an announced router counts as alive, ms. All routers need the same value. Default: the constant of the same name. */
  replicaLifetimeMs?: number;
  /** The largest number of records to read. Default: the constant `recordsMax`. */
  recordsMax?: number;
};

/** The registry in Redis, with the ledger of limited calls, Redis' clock, and the proofs of probers. All of them share one connection. */
export type RedisRegistry = NodeRegistry &
  LimitLedger & {
    /** Reads Redis' clock (`TIME`), Unix ms. Rejects with a RegistryError. */
    readClock(): Promise<number>;
    /** Reads the report of one node; undefined if there is none, or if it is invalid. Rejects with a RegistryError. */
    readNode(key: NodeKey): Promise<NodeReport | undefined>;
    readonly proofs: ProofStore;
  };

/**
 * Opens the registry in Redis. Each node has a key `turn:node:<region>:<id>`, which expires when its reporter stops. `turn:routers` lists the
 * live routers, and `turn:limit:*` counts the calls of rate-limited callers.
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
    recordsMax = defaultRecordsMax,
  } = options;
  const deployment = connectToRedis(url, { name, random, monotonicNowMs, commandTimeoutMs });
  let replicas = 1;
  const ledger = createRedisLimitLedger({ run: deployment.write, countReplicas: () => replicas, monotonicNowMs });
  const reader = createFleetReader({ recordsMax, monotonicNowMs });
  return {
    put: (key, report, ttlMs) =>
      deployment.write(async (redis) => {
        checkOk('SET', await redis.set(redisKeyFromNodeKey(key), JSON.stringify(report), 'PX', ttlMs));
      }),
    remove: (key) =>
      deployment.write(async (redis) => {
        wholeNumberFrom('DEL', await redis.del(redisKeyFromNodeKey(key)));
      }),
    async readAll() {
      const { changed: _, gone: __, ...reading } = await deployment.read((shards) => reader.read(shards));
      return reading;
    },
    follow() {
      const followerReader = createFleetReader({ recordsMax, monotonicNowMs });
      return { read: () => deployment.read((shards) => followerReader.read(shards)) };
    },
    async announceReplica(replicaId) {
      replicas = await deployment.write((redis) => announceReplica(redis, replicaId, replicaLifetimeMs));
      return replicas;
    },
    withdrawReplica: (replicaId) =>
      deployment.write(async (redis) => {
        wholeNumberFrom('ZREM', await redis.zrem(replicasKey, replicaId));
      }),
    exchangeLimits: (replicaId, reports, busy) => ledger.exchangeLimits(replicaId, reports, busy),
    readClock: () =>
      deployment.write(async (redis) => {
        return clockFrom(await redis.time());
      }),
    readNode: (key) =>
      deployment.read(async (shards) => {
        const [text] = await readTexts(shards, [redisKeyFromNodeKey(key)], nodeReportMaxBytes);
        const parsed = text === undefined ? undefined : parseNodeReport(text);
        return parsed?.ok === true ? parsed.report : undefined;
      }),
    proofs: createRedisProofs(deployment, proofsPerRecord * recordsMax),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}

/** @param reply the reply to TIME: seconds and microseconds, as texts */
function clockFrom(reply: unknown): number {
  const [seconds, microseconds] = textsFrom('TIME', reply);
  if (!/^\d{1,12}$/.test(seconds ?? '') || !/^\d{1,6}$/.test(microseconds ?? '')) {
    throw badReply('expected seconds and microseconds from TIME');
  }
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}
