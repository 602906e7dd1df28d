import { openApiRoute, type OpenApiParts } from '../routes/openapi.ts';
import type { Route } from '../route.ts';
import type { AdminRoute } from './admin-router.ts';
import { auditRoute, type AuditRouteParts } from './audit.ts';
import { fleetRoute, type FleetRouteParts } from './fleet.ts';
import { metricsRoute, type MetricsParts } from './metrics.ts';
import { liftRoute, listRevocationsRoute, revokeRoute, type RevocationRouteParts } from './revocations.ts';
import { whoamiRoute } from './whoami.ts';

export type AdminRouteParts = AuditRouteParts & FleetRouteParts & RevocationRouteParts;

/** The whole admin API, in the order of its OpenAPI document. */
export const adminRoutes: readonly AdminRoute<AdminRouteParts>[] = [
  whoamiRoute,
  fleetRoute,
  auditRoute,
  listRevocationsRoute,
  revokeRoute,
  liftRoute,
];

export type OpenAdminRouteParts = MetricsParts & OpenApiParts;

/** The routes of the admin listener that need no token. */
export const openAdminRoutes: readonly Route<OpenAdminRouteParts>[] = [metricsRoute, openApiRoute];
