import type { KeyRing } from '@turn-router/turn-credentials';
import type { Express } from 'express';
import { createClientAddressReader } from '../callers/client-address-reader.ts';
import { parseTrustedProxies } from '../callers/trusted-proxies.ts';
import { createIssueProbeCredential } from '../fleet/issue-probe-credential.ts';
import { createProbedFleet } from '../fleet/probed-fleet.ts';
import type { ProofDoor } from '../fleet/proof-door.ts';
import { createAdminApp, type AdminAppParts } from '../http/create-admin-app.ts';
import { createPublicApp } from '../http/create-public-app.ts';
import type { RequestLogParts } from '../http/middleware/request-log.ts';
import { createAdminOpenApiDocument } from '../http/openapi/admin-openapi-document.ts';
import { createOpenApiDocument } from '../http/openapi/openapi-document.ts';
import type { PublicRoute } from '../http/public-route.ts';
import { publicRoutes, type PublicRouteParts } from '../http/public-routes.ts';
import type { Readiness } from '../http/routes/health.ts';
import { createIssueIceServers } from '../issue/issue-ice-servers.ts';
import type { NodeKeys } from '../issue/node-keys.ts';
import type { World } from '../world.ts';
import type { Callers } from './open-callers.ts';
import type { Knowledge } from './open-knowledge.ts';

export type PublicParts = RequestLogParts &
  Pick<World, 'nowMs' | 'newId'> & {
    readonly version: string;
    readonly knowledge: Pick<Knowledge, 'routing' | 'geo' | 'placeAndChoose' | 'reports'> & {
      readonly fleet: Pick<Knowledge['fleet'], 'nodes'>;
    };
    /** The proofs that probers without Redis credentials read and write. */
    readonly proofs: ProofDoor;
    readonly callers: Callers;
    readonly readiness: () => Readiness;
    /** IP addresses and CIDR prefixes. */
    readonly trustedProxies: readonly string[];
    /** The header believed from them, in lower case. */
    readonly clientAddressHeader: string;
    readonly corsOrigins: readonly string[];
    readonly keyRing: KeyRing;
    readonly nodeKeys: NodeKeys;
    /** Undefined: reports over HTTP are refused. */
    readonly reporterToken: string | undefined;
    /** Default: all public routes. */
    readonly routes?: readonly PublicRoute<PublicRouteParts>[] | undefined;
  };

/** Creates the app of the public listener. */
export function publicAppOf(parts: PublicParts): Express {
  const { knowledge, callers, keyRing, routes = publicRoutes } = parts;
  const { routing, geo, placeAndChoose } = knowledge;
  const probedFleet = createProbedFleet({ nodes: knowledge.fleet.nodes, monotonicNowMs: parts.monotonicNowMs });
  return createPublicApp({
    logger: parts.logger,
    metrics: parts.metrics,
    newRequestId: parts.newRequestId,
    monotonicNowMs: parts.monotonicNowMs,
    geo,
    routing,
    placeAndChoose,
    registry: knowledge.reports,
    proofs: parts.proofs,
    probedFleet,
    issueProbeCredential: createIssueProbeCredential({ probedFleet, nodeKeys: parts.nodeKeys, nowMs: parts.nowMs }),
    authentication: callers.authentication,
    limitCalls: callers.limitCalls,
    isRevoked: callers.revocations.isRevoked,
    issue: createIssueIceServers({
      routing,
      placeAndChoose,
      keyRing,
      nodeKeys: parts.nodeKeys,
      nowMs: parts.nowMs,
      newDecisionId: parts.newId,
    }),
    readiness: parts.readiness,
    routes,
    openApi: createOpenApiDocument(parts.version, routes),
    readClientAddress: createClientAddressReader({
      isTrustedProxy: parseTrustedProxies(parts.trustedProxies) ?? (() => false),
      header: parts.clientAddressHeader,
      logger: parts.logger,
    }),
    corsOrigins: parts.corsOrigins,
    reporterToken: parts.reporterToken,
  });
}

/** Creates the app of the admin listener. If there are several processes, it runs in the primary. */
export function adminAppOf(
  parts: RequestLogParts & { readonly version: string; readonly api: AdminAppParts['api'] },
): Express {
  return createAdminApp({ ...parts, openApi: createAdminOpenApiDocument(parts.version) });
}
