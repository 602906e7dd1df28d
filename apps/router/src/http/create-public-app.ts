import type { Express } from 'express';
import type { Authentication } from '../callers/auth/open-authentication.ts';
import type { IsTrustedProxy } from '../callers/client-address.ts';
import { createBareApp } from './create-bare-app.ts';
import { accessWithoutCaller, admitCaller } from './middleware/admit-caller.ts';
import { clientAddressMiddleware } from './middleware/client-address.ts';
import { notFound, problemResponder } from './middleware/problems.ts';
import { requireReporterToken } from './middleware/reporter-token.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import type { Access, PublicRoute } from './public-route.ts';
import { publicRoutes, type PublicRouteParts } from './public-routes.ts';
import { mountRoutes, named } from './route.ts';
import { docsRouter } from './routes/docs.ts';

export type PublicAppParts = RequestLogParts &
  PublicRouteParts & {
    readonly isTrustedProxy: IsTrustedProxy;
    readonly corsOrigins: readonly string[];
    readonly authentication: Pick<Authentication, 'authenticate' | 'isOriginOfKey'>;
    /** Undefined: nobody may report over HTTP, and the paths do not exist. */
    readonly reporterToken: string | undefined;
    /** Default: all. */
    readonly routes?: readonly PublicRoute<PublicRouteParts>[];
  };

/** What browsers, application servers and reporters meet. */
export function createPublicApp(parts: PublicAppParts): Express {
  const { routes = publicRoutes, limitCalls, metrics, reporterToken, authentication } = parts;
  const routesFor = (access: Access) => routes.filter((route) => route.access === access);
  const forCallers = routesFor('caller');
  const app = createBareApp();
  // Before all that may answer, so that every answer has an id and safe fields.
  app.use(requestLog(parts));
  app.use(clientAddressMiddleware(parts.isTrustedProxy));

  const corsOrigins = new Set(parts.corsOrigins);
  const isReader = (origin: string) => corsOrigins.has(origin);
  const mayAsk = (origin: string) => isReader(origin) || authentication.isOriginOfKey(origin);
  const pages = accessWithoutCaller(mayAsk, forCallers);
  const admitted = admitCaller({ authenticate: authentication.authenticate, limitCalls, isReader, mayAsk });

  mountRoutes(app, forCallers, parts, { ofRoute: () => [admitted], ofOtherMethods: [pages] });
  if (reporterToken !== undefined) {
    mountRoutes(app, routesFor('reporter'), parts, { ofPath: [requireReporterToken(reporterToken)] });
  }
  mountRoutes(app, routesFor('open'), parts);
  app.use('/docs', named('/docs'), docsRouter());

  // So that a page can read what is wrong with its path.
  app.use(
    forCallers.map(({ path }) => path),
    pages,
  );
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
