import { Router, type RequestHandler } from 'express';
import type { AdminRole } from '../../callers/auth/admin-role.ts';
import { setField } from '../answer.ts';
import type { Operation } from '../openapi/operation.ts';
import { mountRoutes, type Route } from '../route.ts';

/** One action of the admin API. */
export type AdminRoute<Parts> = Route<Parts> & {
  readonly path: `/admin/v1/${string}`;
  /** The role that the handler requires. Every route that changes something requires `operator`. */
  readonly role: AdminRole;
  readonly operation: Operation;
};

/** Maximum body size, bytes. It is the size of a policy. */
const bodyMaxBytes = 65_536;

/** Mounts routes. Each request is first checked for the role that its route requires. Responses must not be cached. */
export function adminRouter<Parts>(
  routes: readonly AdminRoute<Parts>[],
  parts: Parts,
  requireRole: (needed: AdminRole) => RequestHandler,
): Router {
  const router = Router({ strict: true });
  router.use('/admin/v1', (_req, res, next) => {
    setField(res, 'Cache-Control', 'no-store');
    next();
  });
  mountRoutes(router, routes, parts, {
    // A token is required even for the `Allow` field of a 405.
    beforePath: [requireRole('viewer')],
    beforeRoute: ({ role }) => [requireRole(role)],
    bodyMaxBytes,
  });
  return router;
}
