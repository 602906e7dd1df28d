import type { AuditLog } from '@turn-router/registry';
import type { RequestHandler } from 'express';
import type { AdminRole } from '../../callers/auth/admin-role.ts';
import type { RevocationDesk } from '../../callers/revocation/revocation-desk.ts';
import type { FleetView } from '../../fleet/fleet-view.ts';
import { auditRoute } from './audit.ts';
import { fleetRoute } from './fleet.ts';
import { liftRoute, listRevocationsRoute, revokeRoute } from './revocations.ts';
import { whoamiRoute } from './whoami.ts';

export type AdminRoute = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As Express has it. */
  readonly path: `/admin/v1/${string}`;
  /** Who may: with less than that there is no way to the handler. */
  readonly role: AdminRole;
  readonly handler: RequestHandler;
};

export type AdminRouteParts = {
  readonly audit: Pick<AuditLog, 'read'>;
  readonly revocations: RevocationDesk;
  readonly fleet: FleetView;
};

/** The whole admin API. Whatever changes anything needs `operator`. */
export function adminRoutes({ audit, revocations, fleet }: AdminRouteParts): readonly AdminRoute[] {
  return [
    { method: 'get', path: '/admin/v1/whoami', role: 'viewer', handler: whoamiRoute },
    { method: 'get', path: '/admin/v1/fleet', role: 'viewer', handler: fleetRoute(fleet) },
    { method: 'get', path: '/admin/v1/audit', role: 'viewer', handler: auditRoute(audit) },
    { method: 'get', path: '/admin/v1/revocations', role: 'viewer', handler: listRevocationsRoute(revocations) },
    { method: 'put', path: '/admin/v1/revocations', role: 'operator', handler: revokeRoute(revocations) },
    { method: 'post', path: '/admin/v1/revocations/lift', role: 'operator', handler: liftRoute(revocations) },
  ];
}
