import type { Express } from 'express';
import type { Authentication } from '../callers/auth/open-authentication.ts';
import type { ReadClientAddress } from '../callers/client-address-reader.ts';
import { createOriginSet } from '../callers/origins.ts';
import { createBareApp } from './create-bare-app.ts';
import { corsWithoutCaller, admitCallerMiddleware } from './middleware/admit-caller.ts';
import { storeClientAddressMiddleware } from './middleware/store-client-address.ts';
import { notFound, problemResponder } from './middleware/problems.ts';
import { requireReporterToken } from './middleware/reporter-token.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import type { Access, PublicRoute } from './public-route.ts';
import { publicRoutes, type PublicRouteParts } from './public-routes.ts';
import { mountRoutes, setRouteName } from './route.ts';
import { docsRouter } from './routes/docs.ts';
import { refuseLongHead } from './whole-head.ts';

export type PublicAppParts = RequestLogParts &
  PublicRouteParts & {
    readonly readClientAddress: ReadClientAddress;
    readonly corsOrigins: readonly string[];
    readonly authentication: Pick<Authentication, 'authenticate' | 'isOriginOfKey'>;
    /** If undefined, the routes for node reports do not exist. */
    readonly reporterToken: string | undefined;
    /** Default: all public routes. */
    readonly routes?: readonly PublicRoute<PublicRouteParts>[];
  };

/** Creates the app for browsers, application servers and reporters. */
export function createPublicApp(parts: PublicAppParts): Express {
  const { routes = publicRoutes, limitCalls, metrics, reporterToken, authentication } = parts;
  const routesFor = (access: Access) => routes.filter((route) => route.access === access);
  const forCallers = routesFor('caller');
  const app = createBareApp();
  // This comes first, so that every response has an id and security headers.
  app.use(requestLog(parts));
  app.use(refuseLongHead);
  app.use(storeClientAddressMiddleware(parts.readClientAddress));

  const corsOrigins = createOriginSet(parts.corsOrigins);
  const mayRead = (origin: string) => corsOrigins.has(origin);
  const mayCall = (origin: string) => mayRead(origin) || authentication.isOriginOfKey(origin);
  const pages = corsWithoutCaller(mayCall, forCallers);
  const admitted = admitCallerMiddleware({ authenticate: authentication.authenticate, limitCalls, mayRead, mayCall });

  mountRoutes(app, forCallers, parts, { beforeRoute: () => [admitted], beforeOtherMethods: [pages] });
  if (reporterToken !== undefined) {
    mountRoutes(app, routesFor('reporter'), parts, { beforePath: [requireReporterToken(reporterToken)] });
  }
  mountRoutes(app, routesFor('open'), parts);
  app.use('/docs', setRouteName('/docs'), docsRouter());

  // This also sets CORS headers on 404 responses below these paths, so that web pages can read them.
  app.use(
    forCallers.map(({ path }) => path),
    pages,
  );
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
