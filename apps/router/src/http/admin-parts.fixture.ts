import { listRevocations } from '@turn-router/operations';
import { createMemoryAuditLog, createMemoryHash, type AuditLog, type HashStore } from '@turn-router/registry';
import type { KeyRing } from '@turn-router/turn-credentials';
import { createRevocationDesk, type RevocationDesk } from '../callers/revocation/revocation-desk.ts';
import type { RevocationGate } from '../callers/revocation/revocation-gate.ts';

export type AdminParts = { readonly audit: AuditLog; readonly revocations: RevocationDesk };

export type AdminPartsOptions = {
  /** Unix time. */
  readonly nowMs?: () => number;
  readonly keyRing?: KeyRing;
  /** Where revocations are kept; default: in memory. */
  readonly store?: HashStore;
  /** Told of who is revoked after each change. */
  readonly onRevocations?: RevocationGate['use'];
};

/** What the admin API stands on, in this process alone; the audit log is written at once. */
export function createAdminParts({
  nowMs = () => 0,
  keyRing = { keys: [{ id: 'only', secret: 'kJ8-only-north-secret' }] },
  store = createMemoryHash(),
  onRevocations = () => undefined,
}: AdminPartsOptions = {}): AdminParts {
  const audit = createMemoryAuditLog(nowMs);
  const revocations = createRevocationDesk({
    store,
    refresh: async () => onRevocations((await listRevocations({ revocations: store })).entries),
    keyRing,
    nowMs,
    trail: { record: (event) => void audit.append(event) },
  });
  return { audit, revocations };
}
