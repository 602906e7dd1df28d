import type { Express, RequestHandler } from 'express';
import type { GeoLocator } from '@turn-router/geo';
import type { ReportSink } from '@turn-router/registry';
import { identifyCaller, type Identity } from '../callers/auth/identify-caller.ts';
import type { Authentication } from '../callers/auth/open-authentication.ts';
import type { ChooseForCaller } from '../issue/routing.ts';
import type { IssueIceServers } from '../issue/issue-ice-servers.ts';
import type { LimitCalls } from '../callers/limits/limit-calls.ts';
import type { OpenApiDocument } from './openapi/openapi-document.ts';
import { ProblemError } from '../problem-error.ts';
import type { IsRevoked } from '../callers/revocation/revocation-gate.ts';
import type { Routing } from '../issue/routing.ts';
import type { IsTrustedProxy } from '../callers/client-address.ts';
import { clientAddressMiddleware } from './middleware/client-address.ts';
import { createBareApp } from './create-bare-app.ts';
import { callerOf, localsOf, named } from './locals.ts';
import { accessWithoutCaller, admitCaller } from './middleware/admit-caller.ts';
import { jsonBody } from './input.ts';
import { methodNotAllowed, notFound, problemResponder } from './middleware/problems.ts';
import { requireReporterToken } from './middleware/reporter-token.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import { coturnRoute } from './routes/coturn.ts';
import { docsRouter } from './routes/docs.ts';
import { livezRoute, readyzRoute, type Readiness } from './routes/health.ts';
import { iceServersRoute } from './routes/ice-servers.ts';
import { deleteNodeRoute, putNodeRoute } from './routes/nodes.ts';
import { openApiRoute } from './routes/openapi.ts';
import { regionRoute } from './routes/region.ts';

export type PublicAppParts = RequestLogParts & {
  readonly geo: GeoLocator;
  readonly routing: Routing;
  readonly choose: ChooseForCaller;
  readonly issue: IssueIceServers;
  readonly limitCalls: LimitCalls;
  readonly isRevoked: IsRevoked;
  readonly registry: ReportSink;
  readonly readiness: () => Readiness;
  readonly openApi: OpenApiDocument;
  readonly isTrustedProxy: IsTrustedProxy;
  readonly corsOrigins: readonly string[];
  readonly authentication: Pick<Authentication, 'authenticate' | 'isOriginOfKey'>;
  /** Undefined: nobody may report over HTTP, and the paths do not exist. */
  readonly reporterToken: string | undefined;
};

/** What browsers, application servers and reporters meet. */
export function createPublicApp(parts: PublicAppParts): Express {
  const { geo, routing, choose, issue, limitCalls, isRevoked, registry, metrics, reporterToken, authentication } =
    parts;
  const app = createBareApp();
  // Before all that may answer, so that every answer has an id and safe fields.
  app.use(requestLog(parts));
  app.use(clientAddressMiddleware(parts.isTrustedProxy));

  const corsOrigins = new Set(parts.corsOrigins);
  const isReader = (origin: string) => corsOrigins.has(origin);
  const mayAsk = (origin: string) => isReader(origin) || authentication.isOriginOfKey(origin);
  const pages = accessWithoutCaller(mayAsk);
  const admitted = admitCaller({ authenticate: authentication.authenticate, limitCalls, isReader, mayAsk });
  const refuseRevoked = (identity: Identity) => {
    // Why somebody is revoked stays with those who did it.
    if (isRevoked(identity))
      throw new ProblemError('revoked', 'This caller is revoked: expected nothing to be asked for any more');
  };
  const unlessRevoked: RequestHandler = (_req, res, next) => {
    refuseRevoked(identifyCaller(callerOf(res), localsOf(res).clientAddress));
    next();
  };

  app
    .route('/v1/ice-servers')
    .all(named('/v1/ice-servers'))
    .post(admitted, jsonBody(), iceServersRoute({ issue, limitCalls, refuseRevoked, metrics }))
    .all(pages, methodNotAllowed('POST'));
  app
    .route('/v1/region')
    .all(named('/v1/region'))
    .get(admitted, unlessRevoked, regionRoute(geo, routing))
    .all(pages, methodNotAllowed('GET', 'HEAD'));
  app
    .route('/coturn')
    .all(named('/coturn'))
    .get(admitted, unlessRevoked, coturnRoute(choose, metrics))
    .all(pages, methodNotAllowed('GET', 'HEAD'));
  if (reporterToken !== undefined) {
    app
      .route('/v1/nodes/:region/:id')
      .all(named('/v1/nodes/{region}/{id}'), requireReporterToken(reporterToken))
      .put(jsonBody(), putNodeRoute(registry, routing))
      .delete(deleteNodeRoute(registry, routing))
      .all(methodNotAllowed('PUT', 'DELETE'));
  }
  app.route('/livez').all(named('/livez')).get(livezRoute).all(methodNotAllowed('GET', 'HEAD'));
  app.route('/readyz').all(named('/readyz')).get(readyzRoute(parts.readiness)).all(methodNotAllowed('GET', 'HEAD'));
  app
    .route('/openapi.json')
    .all(named('/openapi.json'))
    .get(openApiRoute(parts.openApi))
    .all(methodNotAllowed('GET', 'HEAD'));
  app.use('/docs', named('/docs'), docsRouter());

  // So that a page can read what is wrong with its path.
  app.use(['/v1/ice-servers', '/v1/region', '/coturn'], pages);
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
