import type { Express } from 'express';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import { adminRouter, type AdminRoute } from './admin/admin-router.ts';
import { adminRoutes, openAdminRoutes, type AdminRouteParts, type OpenAdminRouteParts } from './admin/admin-routes.ts';
import { createRoleCheck } from './admin/require-role.ts';
import { clientAddressMiddleware } from './middleware/client-address.ts';
import { createBareApp } from './create-bare-app.ts';
import { notFound, problemResponder } from './middleware/problems.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import { mountRoutes } from './route.ts';

export type AdminAppParts = RequestLogParts &
  OpenAdminRouteParts & {
    /** Undefined: nobody has a token, and there is no `/admin/v1`. */
    readonly api: (AdminRouteParts & { readonly tokens: AdminTokens }) | undefined;
    /** Of `/admin/v1`. Default: all. */
    readonly routes?: readonly AdminRoute<AdminRouteParts>[];
  };

/** What SREs meet, on a listener of its own. Metrics and the API's description are open to whoever reaches it. */
export function createAdminApp(parts: AdminAppParts): Express {
  const { metrics, api, routes = adminRoutes } = parts;
  const app = createBareApp();
  app.use(requestLog(parts));
  // Whoever is connected: tokens are tried by hosts, whatever they say of themselves.
  app.use(clientAddressMiddleware(() => false));
  mountRoutes(app, openAdminRoutes, parts);
  if (api !== undefined) app.use(adminRouter(routes, api, createRoleCheck(api.tokens, metrics)));
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
