import { policySchema } from '@turn-router/contract/policy';
import { listRevocations } from '@turn-router/operations';
import { createMemoryAuditLog, createMemoryHash, type AuditLog, type HashStore } from '@turn-router/registry';
import type { KeyRing } from '@turn-router/turn-credentials';
import { createRevocationDesk, type RevocationDesk } from '../callers/revocation/revocation-desk.ts';
import type { RevocationGate } from '../callers/revocation/revocation-gate.ts';
import { createFleetView, type FleetView } from '../fleet/fleet-view.ts';
import { createOutsideProofs } from '../fleet/proofs/outside-proofs.ts';
import { createRouting } from '../issue/routing.ts';

export type AdminParts = { readonly audit: AuditLog; readonly revocations: RevocationDesk; readonly fleet: FleetView };

export type AdminPartsOptions = {
  /** Unix time. */
  readonly nowMs?: () => number;
  readonly keyRing?: KeyRing;
  /** The store of the revocations. Default: in memory. */
  readonly store?: HashStore;
  /** Receives all revocations after each change. */
  readonly onRevocations?: RevocationGate['use'];
};

const policy = policySchema.parse({ defaultRegion: 'eu', regions: { eu: { location: [50, 8] } } });

/** Creates the dependencies of the admin API, in memory and over an empty fleet. Audit entries are written at once. */
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
    settleDurability: () => Promise.resolve(undefined),
    keyRing,
    nowMs,
    trail: { record: (event) => void audit.append(event) },
  });
  const fleet = createFleetView({
    routing: createRouting(policy, { monotonicNowMs: () => 0, random: () => 0 }),
    geo: { locate: () => undefined },
    fleet: { trust: () => 'none', nodes: () => [] },
    outside: createOutsideProofs(),
    monotonicNowMs: () => 0,
    replica: { id: 'this', version: '1.2.3' },
    countReplicas: () => 1,
  });
  return { audit, revocations, fleet };
}
