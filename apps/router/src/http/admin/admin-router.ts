import { Router, type RequestHandler } from 'express';
import type { AdminRole } from '../../callers/auth/admin-role.ts';
import { setField } from '../answer.ts';
import type { Operation } from '../openapi/operation.ts';
import { mountRoutes, type Route } from '../route.ts';

/** One action of the admin API. */
export type AdminRoute<Parts> = Route<Parts> & {
  readonly path: `/admin/v1/${string}`;
  /** Who may: with less than that there is no way to the handler. Whatever changes anything needs `operator`. */
  readonly role: AdminRole;
  readonly operation: Operation;
};

/** Of a request that changes something, bytes: as much as a policy. */
const bodyMaxBytes = 65_536;

/** Puts routes behind the role that each of them needs. Nothing of what it answers is stored. */
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
    // What a path can do is nobody's business without a token.
    ofPath: [requireRole('viewer')],
    ofRoute: ({ role }) => [requireRole(role)],
    bodyMaxBytes,
  });
  return router;
}
