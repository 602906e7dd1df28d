import { Router, type RequestHandler } from 'express';
import { setField } from '../answer.ts';
import { named } from '../locals.ts';
import { jsonBody } from '../input.ts';
import { methodNotAllowed } from '../middleware/problems.ts';
import type { AdminRole } from '../../callers/auth/admin-role.ts';
import type { AdminRoute } from './admin-routes.ts';

/** Of a request that changes something, bytes: as much as a policy. */
const bodyMaxBytes = 65_536;

/** Puts routes behind the role that each of them needs. Nothing of what it answers is stored. */
export function adminRouter(routes: readonly AdminRoute[], requireRole: (needed: AdminRole) => RequestHandler): Router {
  const router = Router({ strict: true });
  router.use('/admin/v1', (_req, res, next) => {
    setField(res, 'Cache-Control', 'no-store');
    next();
  });
  for (const path of new Set(routes.map((each) => each.path))) {
    const ofPath = routes.filter((each) => each.path === path);
    // What a path can do is nobody's business without a token.
    const route = router.route(path).all(named(path.replaceAll(/:(\w+)/g, '{$1}')), requireRole('viewer'));
    for (const { method, role, handler } of ofPath) {
      const body = method === 'get' ? [] : jsonBody(bodyMaxBytes);
      route[method](requireRole(role), ...body, handler);
    }
    route.all(
      methodNotAllowed(...ofPath.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : method.toUpperCase()))),
    );
  }
  return router;
}
