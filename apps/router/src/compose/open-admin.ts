import { setTimeout as delay } from 'node:timers/promises';
import type { AuditLog, AuditTrail } from '@turn-router/registry';
import type { KeyRing } from '@turn-router/turn-credentials';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import type { Durability, Revocations } from '../callers/revocation/follow-revocations.ts';
import { createRevocationDesk } from '../callers/revocation/revocation-desk.ts';
import type { FleetView } from '../fleet/fleet-view.ts';
import type { AdminAppParts } from '../http/create-admin-app.ts';

export type AdminParts = {
  readonly audit: Pick<AuditLog, 'read'>;
  readonly trail: Pick<AuditTrail, 'record' | 'flush' | 'countWaiting'>;
  readonly revocations: Pick<Revocations, 'store' | 'refresh' | 'durability'>;
  readonly keyRing: KeyRing;
  /** The fleet as this process follows it, or as a worker that this process asks follows it. */
  readonly fleet: FleetView;
  readonly nowMs: () => number;
};

/** The longest time that an answer waits for its audit entry on a hanging disk, ms. */
const auditTimeoutMs = 2_000;

/** Creates the parts of the admin API; undefined if no token is set. */
export function createAdminApi(tokens: AdminTokens | undefined, parts: AdminParts): AdminAppParts['api'] {
  if (tokens === undefined) return undefined;
  const { trail, revocations } = parts;
  const { store, refresh, durability } = revocations;

  async function settleDurability(): Promise<Durability | undefined> {
    if (durability() === undefined) return undefined;
    await Promise.race([trail.flush(), delay(auditTimeoutMs, undefined, { ref: false })]);
    return durability() === 'durable' && trail.countWaiting() > 0 ? 'pending' : durability();
  }

  return {
    tokens,
    audit: parts.audit,
    fleet: parts.fleet,
    revocations: createRevocationDesk({ ...parts, store, refresh, settleDurability }),
  };
}
