import { createRedisRevocations, parseRedisUrls, type AuditLog, type AuditTrail } from '@turn-router/registry';
import { createOpaqueUserId } from '@turn-router/turn-credentials';
import type { Revocations } from '../callers/revocation/follow-revocations.ts';
import type { RouterSecrets } from '../config/router-config.ts';
import { followAudit } from '../observe/audit/follow-audit.ts';
import { openAuditLog } from '../observe/audit/open-audit-log.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { World } from '../world.ts';

type AdminStoreParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countAudit'>;
};

/** The stores of the admin API if there are several processes. */
export interface AdminStores extends AsyncDisposable {
  readonly audit: AuditLog;
  readonly trail: AuditTrail;
  readonly revocations: Pick<Revocations, 'store' | 'refresh' | 'durability'>;
}

/**
 * Opens the audit log and the revocations, and connects to them in the background. It does not follow them: workers read the revocations as other
 * routers do.
 */
export function openAdminStores(
  { redisUrl, keyRing }: Pick<RouterSecrets, 'keyRing'> & { readonly redisUrl: string },
  parts: AdminStoreParts,
): AdminStores {
  const audit = openAuditLog({ redisUrls: redisUrl, stateDir: undefined }, parts);
  const trail = followAudit(audit, { ...parts, opaqueUserId: createOpaqueUserId(keyRing.keys[0]) });
  const [url = redisUrl] = parseRedisUrls(redisUrl);
  const store = createRedisRevocations({ ...parts, url, name: 'turn-router-revocations' });
  return {
    audit,
    trail,
    revocations: { store, refresh: () => Promise.resolve(), durability: () => undefined },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await trail[Symbol.asyncDispose]();
      await audit[Symbol.asyncDispose]();
    },
  };
}
