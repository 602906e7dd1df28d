import type { Cluster, Redis } from 'ioredis';
import { createBoundedBuckets } from './bounded-buckets.ts';
import { exchangeLimits } from './exchange-limits.ts';
import type { LimitLedger, LimitReport, LimitSettlement } from './limit-ledger.ts';
import { createMemoryLimitLedger } from './memory-limit-ledger.ts';

export type RedisLimitLedgerParts = {
  readonly run: <T>(commands: (redis: Redis | Cluster) => Promise<T>) => Promise<T>;
  /** The routers that share the limits, this one included. */
  readonly countReplicas: () => number;
  readonly monotonicNowMs: () => number;
  /** The largest number of buckets in Redis. Default: the constant `redisBucketsMax`. */
  readonly bucketsMax?: number | undefined;
};

/**
 * The ledger in Redis. When this router already has the maximum of buckets there, it counts further callers itself. It gives each of them an equal
 * part of the limit, as if Redis were unreachable for these callers.
 */
export function createRedisLimitLedger(parts: RedisLimitLedgerParts): LimitLedger {
  const { run, countReplicas, monotonicNowMs, bucketsMax } = parts;
  const bounded = createBoundedBuckets(monotonicNowMs, bucketsMax);
  const own = createMemoryLimitLedger(monotonicNowMs);
  return {
    async exchangeLimits(replicaId, reports, busy) {
      const isShared = reports.map(({ bucket }) => bounded.admit(bucket));
      const alone = reports.filter((_, index) => isShared[index] === false);
      const shared = alone.length === 0 ? reports : reports.filter((_, index) => isShared[index] === true);
      const exchange = await run((redis) => exchangeLimits(redis, replicaId, shared, busy));
      if (alone.length === 0) return exchange;
      const { settlements } = await own.exchangeLimits(replicaId, alone.map(partOf), []);
      const answers = { shared: exchange.settlements.values(), alone: settlements.values() };
      const inOrder = isShared.flatMap((each): LimitSettlement[] => {
        const { value } = (each ? answers.shared : answers.alone).next();
        return value === undefined ? [] : [value];
      });
      return { ...exchange, settlements: inOrder };
    },
  };

  function partOf(report: LimitReport): LimitReport {
    return { ...report, limit: Math.max(1, Math.ceil(report.limit / Math.max(1, countReplicas()))) };
  }
}
