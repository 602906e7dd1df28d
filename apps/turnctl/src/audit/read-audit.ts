import type { AuditEntry } from '@turn-router/contract/registry';
import { createRedisAuditLog, RegistryError, type AuditQuery } from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { CommandFault } from '../command-fault.ts';
import { findFirstRedis } from '../first-redis.ts';

/** Maximum number of entries in one request to Redis. */
const pageSize = 1_000;

export type ReadAudit = {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  /** The number of invalid entries that were skipped. */
  readonly rejected: number;
  /** Whether older entries may exist. */
  readonly isCut: boolean;
};

/** Reads the newest entries of the audit log. @throws CommandFault if REDIS_URL is not set or Redis cannot be read */
export async function readAudit(
  { limit, ...query }: Omit<AuditQuery, 'before'>,
  environment: Environment,
): Promise<ReadAudit> {
  const redis = findFirstRedis(environment);
  if (redis === undefined) {
    throw new CommandFault(
      'REDIS_URL: Missing: expected the URL of the Redis of the routers; if the routers run without Redis, read audit.jsonl in their STATE_DIR',
    );
  }
  await using log = createRedisAuditLog(redis);
  try {
    const entries: AuditEntry[] = [];
    let rejected = 0;
    let before: string | undefined;
    do {
      const page = await log.read({ ...query, before, limit: Math.min(pageSize, limit - entries.length) });
      entries.push(...page.entries);
      rejected += page.rejected;
      before = page.before;
    } while (before !== undefined && entries.length < limit);
    return { entries: entries.toReversed(), rejected, isCut: before !== undefined };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new CommandFault(`REDIS_URL: ${error.message}`);
  }
}
