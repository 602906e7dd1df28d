import { createRedisRevocations, parseRedisUrls } from '@turn-router/registry';
import { createOpaqueUserId } from '@turn-router/turn-credentials';
import { followAudit } from '../observe/audit/follow-audit.ts';
import { openAuditLog } from '../observe/audit/open-audit-log.ts';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import type { RouterSecrets } from '../config/router-config.ts';
import type { AdminRouteParts } from '../http/admin/admin-routes.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createRevocationDesk } from '../callers/revocation/revocation-desk.ts';
import type { World } from '../world.ts';

export type PrimaryAdminSecrets = Pick<RouterSecrets, 'keyRing'> & { readonly redisUrl: string };

type PrimaryAdminParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countAudit'>;
};

/** What the admin API of several processes stands on. */
export interface PrimaryAdminApi extends AdminRouteParts, AsyncDisposable {
  readonly tokens: AdminTokens;
}

/** Connects in the background to where the audit log and the revocations are. Follows neither: workers learn of a revocation as other routers do. */
export function openAdminApi(
  tokens: AdminTokens,
  { redisUrl, keyRing }: PrimaryAdminSecrets,
  parts: PrimaryAdminParts,
): PrimaryAdminApi {
  const audit = openAuditLog({ redisUrls: redisUrl, stateDir: undefined }, parts);
  const trail = followAudit(audit, { ...parts, opaqueUserId: createOpaqueUserId(keyRing.keys[0]) });
  const [url = redisUrl] = parseRedisUrls(redisUrl);
  const store = createRedisRevocations({ ...parts, url, name: 'turn-router-revocations' });
  return {
    tokens,
    audit,
    revocations: createRevocationDesk({ ...parts, store, refresh: () => Promise.resolve(), keyRing, trail }),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await trail[Symbol.asyncDispose]();
      await audit[Symbol.asyncDispose]();
    },
  };
}
