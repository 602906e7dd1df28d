import type { Express } from 'express';
import type { OpenApiDocument } from './openapi/openapi-document.ts';
import type { AdminTokens } from '../callers/auth/admin-role.ts';
import { adminRouter } from './admin/admin-router.ts';
import { adminRoutes, type AdminRouteParts } from './admin/admin-routes.ts';
import { createRoleCheck } from './admin/require-role.ts';
import { answer } from './answer.ts';
import { clientAddressMiddleware } from './middleware/client-address.ts';
import { createBareApp } from './create-bare-app.ts';
import { named } from './locals.ts';
import { methodNotAllowed, notFound, problemResponder } from './middleware/problems.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import { openApiRoute } from './routes/openapi.ts';

export type AdminAppParts = RequestLogParts & {
  readonly openApi: OpenApiDocument;
  /** Undefined: nobody has a token, and there is no `/admin/v1`. */
  readonly api: (AdminRouteParts & { readonly tokens: AdminTokens }) | undefined;
};

/** What SREs meet, on a listener of its own. Metrics and the API's description are open to whoever reaches it. */
export function createAdminApp(parts: AdminAppParts): Express {
  const { metrics, openApi, api } = parts;
  const app = createBareApp();
  app.use(requestLog(parts));
  // Whoever is connected: tokens are tried by hosts, whatever they say of themselves.
  app.use(clientAddressMiddleware(() => false));
  app
    .route('/metrics')
    .all(named('/metrics'))
    .get(async (_req, res) => {
      const text = await metrics.text();
      answer(res, { type: metrics.contentType, body: text });
    })
    .all(methodNotAllowed('GET', 'HEAD'));
  app
    .route('/openapi.json')
    .all(named('/openapi.json'))
    .get(openApiRoute(openApi))
    .all(methodNotAllowed('GET', 'HEAD'));
  if (api !== undefined) app.use(adminRouter(adminRoutes(api), createRoleCheck(api.tokens, metrics)));
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
