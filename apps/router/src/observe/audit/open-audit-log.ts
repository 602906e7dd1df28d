import { join } from 'node:path';
import {
  createFileAuditLog,
  createMemoryAuditLog,
  createRedisAuditLog,
  parseRedisUrls,
  type AuditLog,
} from '@turn-router/registry';
import type { Logger } from '../logger.ts';
import type { World } from '../../world.ts';

export type AuditPlace = {
  /** REDIS_URL. The first registry holds the audit log. */
  readonly redisUrls: string | undefined;
  /** The directory of the audit log if there is no Redis. Undefined: the audit log is in memory, and its entries are logged. */
  readonly stateDir: string | undefined;
};

type AuditPlaceParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & { readonly logger: Logger };

/** Opens the audit log of this fleet. Connects in the background. */
export function openAuditLog(
  { redisUrls, stateDir }: AuditPlace,
  { nowMs, monotonicNowMs, random, logger }: AuditPlaceParts,
): AuditLog {
  const [url] = parseRedisUrls(redisUrls ?? '');
  if (url !== undefined) {
    return createRedisAuditLog({ url, name: 'turn-router-audit', random, monotonicNowMs, commandTimeoutMs: 1_000 });
  }
  if (stateDir !== undefined) return createFileAuditLog(join(stateDir, 'audit.jsonl'), nowMs);
  logger.info(
    { event: 'audit.not_durable' },
    'neither REDIS_URL nor STATE_DIR is set: audit entries are lost on restart',
  );
  return createMemoryAuditLog(nowMs);
}
