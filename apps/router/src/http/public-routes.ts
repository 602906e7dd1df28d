import type { CallerGate, PublicRoute } from './public-route.ts';
import { coturnDialect } from './dialects/coturn/coturn-dialect.ts';
import { dialectRoute, type DialectParts } from './dialects/dialect.ts';
import { livezRoute, readyzRoute, type ReadyzParts } from './routes/health.ts';
import { iceServersRoute, type IceServersParts } from './routes/ice-servers.ts';
import { deleteNodeRoute, putNodeRoute, type NodeParts } from './routes/nodes.ts';
import { probeCredentialsRoute, type ProbeCredentialParts } from './routes/probe-credentials.ts';
import { probeTargetRoute, probeTargetsRoute, type ProbeTargetParts } from './routes/probe-targets.ts';
import { putProofRoute, readProofsRoute, type ProofParts } from './routes/proofs.ts';
import { openApiRoute, type OpenApiParts } from './routes/openapi.ts';
import { regionRoute, type RegionParts } from './routes/region.ts';

export type PublicRouteParts = CallerGate &
  IceServersParts &
  RegionParts &
  DialectParts &
  NodeParts &
  ProbeTargetParts &
  ProofParts &
  ProbeCredentialParts &
  ReadyzParts &
  OpenApiParts;

/** All routes of the public API, in the order of its OpenAPI document. `/docs` is mounted separately. */
export const publicRoutes: readonly PublicRoute<PublicRouteParts>[] = [
  iceServersRoute,
  regionRoute,
  dialectRoute(coturnDialect),
  putNodeRoute,
  deleteNodeRoute,
  probeTargetsRoute,
  probeTargetRoute,
  putProofRoute,
  readProofsRoute,
  probeCredentialsRoute,
  livezRoute,
  readyzRoute,
  openApiRoute,
];
