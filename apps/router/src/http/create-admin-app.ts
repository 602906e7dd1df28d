import type { Express } from 'express';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import { adminRouter, type AdminRoute } from './admin/admin-router.ts';
import { adminRoutes, openAdminRoutes, type AdminRouteParts, type OpenAdminRouteParts } from './admin/admin-routes.ts';
import { createRoleCheck } from './admin/require-role.ts';
import { readRemoteAddress } from '../callers/client-address-reader.ts';
import { storeClientAddressMiddleware } from './middleware/store-client-address.ts';
import { createBareApp } from './create-bare-app.ts';
import { notFound, problemResponder } from './middleware/problems.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import { mountRoutes } from './route.ts';
import { refuseLongHead } from './whole-head.ts';

export type AdminAppParts = RequestLogParts &
  OpenAdminRouteParts & {
    /** If undefined, `/admin/v1` does not exist. */
    readonly api: (AdminRouteParts & { readonly tokens: AdminTokens }) | undefined;
    /** Routes of `/admin/v1`. Default: all. */
    readonly routes?: readonly AdminRoute<AdminRouteParts>[];
  };

/** Creates the app for operators, which has its own listener. Metrics and the OpenAPI document need no token. */
export function createAdminApp(parts: AdminAppParts): Express {
  const { metrics, api, routes = adminRoutes } = parts;
  const app = createBareApp();
  app.use(requestLog(parts));
  app.use(refuseLongHead);
  // No proxy is trusted: the client address is the connected host, whatever a header says.
  app.use(storeClientAddressMiddleware(readRemoteAddress));
  mountRoutes(app, openAdminRoutes, parts);
  if (api !== undefined) app.use(adminRouter(routes, api, createRoleCheck(api.tokens, metrics)));
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
