import { once } from 'node:events';
import type { GeoProofs } from '@turn-router/geo';
import { combineReplicaCounts, createReportSink, startReplicaCount, type ReplicaCount } from '@turn-router/registry';
import { createKeyRingOfNode, createOpaqueUserId } from '@turn-router/turn-credentials';
import { askNode } from '../fleet/ask-node.ts';
import { createDrainAudit } from '../fleet/drain-audit.ts';
import { followAudit } from '../observe/audit/follow-audit.ts';
import { openAuditLog } from '../observe/audit/open-audit-log.ts';
import { createPolicyAudit, type PolicyAudit } from '../policy/policy-audit.ts';
import { openAuthentication } from '../callers/auth/open-authentication.ts';
import { createChooser } from '../issue/routing.ts';
import { parseTrustedProxies } from '../callers/client-address.ts';
import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { createAdminApp } from '../http/create-admin-app.ts';
import { createPublicApp } from '../http/create-public-app.ts';
import { callersPatience, listen, scrapersPatience } from '../http/listen.ts';
import { createRefuseUnreadable } from '../http/refuse-unreadable.ts';
import { followFleet } from '../fleet/follow-fleet.ts';
import { createIssuer } from '../issue/issue-ice-servers.ts';
import { limitCallers } from '../callers/limits/limit-callers.ts';
import { keepHeapSmall } from '../process/keep-heap-small.ts';
import type { Logger } from '../observe/logger.ts';
import { createMetrics, type MetricReading, type Metrics } from '../observe/metrics.ts';
import { createAdminOpenApiDocument } from '../http/openapi/admin-openapi-document.ts';
import { createOpenApiDocument } from '../http/openapi/openapi-document.ts';
import { openGeo } from './open-geo.ts';
import { openPeerListener } from '../http/peers/open-peer-listener.ts';
import { shareWithPeers } from '../callers/peers/share-with-peers.ts';
import { readPolicyFile, watchPolicyFile } from '../policy/policy-file.ts';
import { openRegistries, type Registries } from '../fleet/registries.ts';
import { followRevocations } from '../callers/revocation/follow-revocations.ts';
import { createRevocationDesk } from '../callers/revocation/revocation-desk.ts';
import { createRouting, type Routing } from '../issue/routing.ts';
import { warnOfOpenDoor } from '../callers/limits/warn-of-open-door.ts';
import type { World } from '../world.ts';

/** What a router that is one of several processes needs of the primary. */
export type WorkerLine = {
  /** From 1. A worker that replaces another has its number, so that at most one of each lives. */
  readonly number: number;
  /**
   * Says that this worker takes no new connections any more, and settles when those that stop with it don't either, or half a second later:
   * callers sent away by one would only come back to another, and be cut off there.
   */
  readonly untilAllRefuse: () => Promise<void>;
  /** Answers the primary whenever it asks; disposed of, tells it the last state, so that no count is lost. */
  readonly serveMetrics: (read: () => Promise<readonly MetricReading[]>) => AsyncDisposable;
};

export type RouterParts = World & {
  readonly logger: Logger;
  readonly version: string;
  /** Knows which GeoIP files are sound. */
  readonly geoProofs: GeoProofs;
  /** Undefined: this is the only process. Else one of several, and the admin listener is in the primary. */
  readonly worker?: WorkerLine | undefined;
};

/** From here on what is read of the registry keeps a small heap busy. */
const largeFleetNodes = 2_000;

/**
 * Puts the router together and runs it until `stop` is aborted: then answers what is under way, and closes everything in the reverse
 * order of its opening.
 *
 * @param onListening called with the ports in use once callers can come
 * @throws PolicyFileError, GeoFileError, RegistryError for a file of API keys, or the system's error when a port is taken
 */
export async function runRouter(
  config: RouterConfig,
  secrets: RouterSecrets,
  parts: RouterParts,
  stop: AbortSignal,
  onListening: (ports: { publicPort: number; adminPort?: number | undefined }) => void,
): Promise<void> {
  const { logger, worker } = parts;
  const metrics = createMetrics();
  const firstPolicy = await readPolicyFile(config.policyFile);
  const routing = createRouting(firstPolicy.policy, parts);
  using _heapWatch = keepHeapSmall(() => routing.countNodes() > largeFleetNodes);
  warnOfOpenDoor(config.auth, routing.policy(), logger);
  const replicaId = parts.newId();
  await using auditLog = openAuditLog({ redisUrls: secrets.redisUrl, stateDir: config.stateDir }, parts);
  const opaqueUserId = createOpaqueUserId(secrets.keyRing.keys[0]);
  await using trail = followAudit(auditLog, { ...parts, metrics, opaqueUserId });
  const policyAudit = createPolicyAudit(trail, `router:${replicaId}`, firstPolicy);
  using _policyWatch = watchPolicy(config, { routing, metrics, logger, audit: policyAudit });
  await using geo = await openGeo(config.geoipFiles, { proofs: parts.geoProofs, metrics, logger });
  const state = { stateDir: config.stateDir, writesState: (worker?.number ?? 1) === 1 };
  await using registries = openRegistries({ redisUrls: secrets.redisUrl, ...state }, parts);
  await using replicas = countReplicas(registries, replicaId, metrics, logger);
  await using fleet = await followFleet(registries.sources, {
    ...parts,
    routing,
    metrics,
    countReplicas: () => replicas.count(),
    ask: askNode,
    onNodes: createDrainAudit(trail, `router:${replicaId}`),
  });

  await using authentication = await openAuthentication(config.auth, secrets, state, { ...parts, metrics });
  await using revocations = await followRevocations(
    { redisUrls: secrets.redisUrl, ...state },
    { ...parts, metrics, opaqueUserId },
  );
  await using sharing = shareWithPeers(
    registries.ledger,
    { peers: config.peers, peerSecret: secrets.peerSecret },
    { logger, metrics, countReplicas: () => replicas.count() },
  );
  await using limits = limitCallers(sharing.ledger, {
    ...parts,
    metrics,
    replicaId,
    policy: routing.policy,
    countReplicas: () => replicas.count(),
    opaqueUserId,
  });

  const log = { logger, metrics, newRequestId: parts.newId, monotonicNowMs: parts.monotonicNowMs };
  const choose = createChooser(geo, routing);
  const publicApp = createPublicApp({
    ...log,
    geo,
    routing,
    registry: createReportSink(registries.sources.map(({ registry }) => registry)),
    choose,
    limitCalls: limits.limitCalls,
    isRevoked: revocations.isRevoked,
    issue: createIssuer({
      ...parts,
      choose,
      routing,
      keyRing: secrets.keyRing,
      keyRingOfNode: createKeyRingOfNode(config.secretMode, secrets.keyRing),
      newDecisionId: parts.newId,
    }),
    readiness: () => ({
      ready: fleet.trust() !== 'none' && authentication.isReady() && !stop.aborted,
      trust: fleet.trust(),
      registries: fleet.sources(),
      healthyNodes: fleet.healthyNodes(),
      stopping: stop.aborted,
    }),
    openApi: createOpenApiDocument(parts.version),
    isTrustedProxy: parseTrustedProxies(config.trustedProxies) ?? (() => false),
    corsOrigins: config.corsOrigins,
    authentication,
    reporterToken: secrets.reporterToken,
  });
  const adminApp = createAdminApp({
    ...log,
    openApi: createAdminOpenApiDocument(parts.version),
    api:
      secrets.adminTokens === undefined
        ? undefined
        : {
            tokens: secrets.adminTokens,
            audit: auditLog,
            revocations: createRevocationDesk({
              ...parts,
              store: revocations.store,
              refresh: revocations.refresh,
              keyRing: secrets.keyRing,
              trail,
            }),
          },
  });
  const refuseUnreadable = createRefuseUnreadable(log);
  // Of several processes the primary has it, as it has the admin listener.
  await using _peerListener = worker === undefined ? await openPeerListener(config, secrets, parts) : undefined;
  await using _metricsLine = worker?.serveMetrics(metrics.readings);
  await using adminListener =
    worker === undefined ? await listen(adminApp, config.adminListener, scrapersPatience, refuseUnreadable) : undefined;
  await using publicListener = await listen(
    publicApp,
    config.publicListener,
    callersPatience,
    refuseUnreadable,
    worker?.untilAllRefuse,
  );

  onListening({ publicPort: publicListener.port, adminPort: adminListener?.port });
  if (!stop.aborted) await once(stop, 'abort');
  logger.info('stopping: finishing the requests under way');
}

function countReplicas({ sources }: Registries, replicaId: string, metrics: Metrics, logger: Logger): ReplicaCount {
  return combineReplicaCounts(
    sources.map(({ name, registry }) =>
      startReplicaCount(
        registry,
        {
          onLost: ({ message }) =>
            logger.warn({ registry: name, reason: message }, 'the routers cannot be counted: the last number stays'),
          onFault: ({ fault }) => metrics.countRegistryFault(name, fault),
          onFound: () => logger.info({ registry: name }, 'the routers can be counted again'),
        },
        { replicaId },
      ),
    ),
  );
}

type PolicyWatchParts = {
  readonly routing: Routing;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly audit: PolicyAudit;
};

function watchPolicy(
  { policyFile, auth }: RouterConfig,
  { routing, metrics, logger, audit }: PolicyWatchParts,
): Disposable {
  return watchPolicyFile(policyFile, {
    onPolicy: (read) => {
      routing.usePolicy(read.policy);
      audit.changed(read);
      metrics.countReload('policy', 'taken');
      logger.info('the changed policy is in force');
      warnOfOpenDoor(auth, read.policy, logger);
    },
    onRefused: (error) => {
      audit.refused(error);
      metrics.countReload('policy', 'refused');
      logger.error({ faults: error.message.split('\n') }, 'the changed policy is refused; the one before it stays');
    },
  });
}
