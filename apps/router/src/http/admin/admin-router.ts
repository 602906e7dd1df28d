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

/** Maximum body size, bytes: the size of a policy. */
const bodyMaxBytes = 65_536;

/** Mounts routes behind the check of the role that each requires. Forbids caching of their responses. */
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
    // Even `Allow` of a 405 requires a token.
    beforePath: [requireRole('viewer')],
    beforeRoute: ({ role }) => [requireRole(role)],
    bodyMaxBytes,
  });
  return router;
}
