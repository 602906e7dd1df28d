import type { AuditAction } from '@turn-router/contract/registry';
import type { Cluster, Redis } from 'ioredis';
import { readEntries } from '../audit/redis-audit-log.ts';
import type { RedisDeployment } from '../redis/deployment/redis-deployment.ts';
import { RegistryError } from '../registry-error.ts';
import type { HashLoss } from './hash-store.ts';

/** Keys that say how many entries of a lost hash a router still holds: `turn:held:api-keys`. */
const heldKeyPrefix = 'turn:held:';

/** Matches all keys with this prefix. */
export const heldKeyGlob = `${heldKeyPrefix}*`;

/** A router writes the key at each reading. It expires so long after the last router has stopped, s. */
const heldSeconds = 86_400;

function heldKeyOf(key: string): string {
  return `${heldKeyPrefix}${key.replace(/^turn:/, '')}`;
}

export async function reportHeld(redis: Redis | Cluster, key: string, entries: number): Promise<void> {
  await redis.set(heldKeyOf(key), entries, 'EX', heldSeconds);
}

/** Reads the key, because the permission to read it comes with the permission to write it. */
export async function mayReportHeld(deployment: RedisDeployment, key: string): Promise<boolean> {
  try {
    await deployment.write((redis) => redis.get(heldKeyOf(key)));
    return true;
  } catch (error) {
    if (error instanceof RegistryError && error.fault === 'no_permission') return false;
    throw error;
  }
}

/**
 * Looks for signs that a hash existed that does not exist now. If Redis refuses to read a sign, continues as if there were no
 * sign: the permissions of an earlier release lack it, and a broken audit log must not prevent a first key.
 *
 * @param actions the audit actions that only a change of this hash records
 */
export async function findHashLoss(
  deployment: RedisDeployment,
  key: string,
  actions: readonly AuditAction[],
): Promise<HashLoss | undefined> {
  const held = await unlessRefused(deployment.write((redis) => redis.get(heldKeyOf(key))));
  if (held !== undefined && held !== null) return { sign: 'held', entries: Number.parseInt(held, 10) || 0 };
  for (const action of actions) {
    if ((await unlessRefused(isAudited(deployment, action))) === true) return { sign: 'audited' };
  }
  return undefined;
}

async function isAudited(deployment: RedisDeployment, action: AuditAction): Promise<boolean> {
  let before: string | undefined;
  do {
    const page = await readEntries(deployment, { sinceMs: 0, limit: 1, action, before });
    if (page.entries.length > 0) return true;
    before = page.before;
  } while (before !== undefined);
  return false;
}

async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'refused') return undefined;
    throw error;
  }
}
