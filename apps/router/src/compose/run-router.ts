import { once } from 'node:events';
import type { GeoProofs } from '@turn-router/geo';
import { openFilePolicySource } from '@turn-router/registry';
import { createOpaqueUserId } from '@turn-router/turn-credentials';
import { openAuthentication } from '../callers/auth/open-authentication.ts';
import { warnOfOpenDoor } from '../callers/limits/warn-of-open-door.ts';
import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { askNode } from '../fleet/ask-node.ts';
import type { FleetView } from '../fleet/fleet-view.ts';
import { openRegistries } from '../fleet/registries.ts';
import { publicStopTimeouts, listen, adminStopTimeouts } from '../http/listen.ts';
import { openPeerListener } from '../http/peers/open-peer-listener.ts';
import { createRefuseUnreadable } from '../http/refuse-unreadable.ts';
import { createRouting } from '../issue/routing.ts';
import { followAudit } from '../observe/audit/follow-audit.ts';
import { openAuditLog } from '../observe/audit/open-audit-log.ts';
import type { Logger } from '../observe/logger.ts';
import { createMetrics, type MetricReading } from '../observe/metrics.ts';
import { readPolicy } from '../policy/follow-policy.ts';
import { createPolicyAudit } from '../policy/policy-audit.ts';
import { keepHeapSmall } from '../process/keep-heap-small.ts';
import type { World } from '../world.ts';
import { adminAppOf, publicAppOf } from './create-apps.ts';
import { createAdminApi } from './open-admin.ts';
import { openCallers } from './open-callers.ts';
import { openGeo } from './open-geo.ts';
import { openKnowledge } from './open-knowledge.ts';

/** What a router that is one of several processes needs of the primary. */
export type WorkerLine = {
  /** From 1. A worker that replaces another has its number, so that at most one of each lives. */
  readonly number: number;
  /**
   * Says that this worker takes no new connections any more, and settles when those that stop with it don't either, or half a second later:
   * callers sent away by one would only come back to another, and be cut off there.
   */
  readonly untilAllRefuse: () => Promise<void>;
  /** Answers what the primary asks; disposed of, tells it the last metrics, so that no count is lost. */
  readonly answerPrimary: (answers: WorkerAnswers) => AsyncDisposable;
};

/** What a worker knows that the primary does not. */
export type WorkerAnswers = {
  readonly metrics: () => Promise<readonly MetricReading[]>;
  readonly fleet: FleetView;
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
 * @throws PolicyError, GeoFileError, RegistryError for a file of API keys, or the system's error when a port is taken
 */
export async function runRouter(
  config: RouterConfig,
  secrets: RouterSecrets,
  parts: RouterParts,
  stop: AbortSignal,
  onListening: (ports: { publicPort: number; adminPort?: number | undefined }) => void,
): Promise<void> {
  const { logger, worker, version } = parts;
  const { redisUrl: redisUrls, keyRing } = secrets;
  const metrics = createMetrics();
  const policySource = openFilePolicySource(config.policyFile, parts.nowMs);
  const firstPolicy = await readPolicy(policySource);
  const routing = createRouting(firstPolicy.policy, parts);
  using _heapWatch = keepHeapSmall(() => routing.countNodes() > largeFleetNodes);
  warnOfOpenDoor(config.auth, firstPolicy.policy, logger);
  const replica = { id: parts.newId(), version };
  const opaqueUserId = createOpaqueUserId(keyRing.keys[0]);
  await using audit = openAuditLog({ redisUrls, stateDir: config.stateDir }, parts);
  await using trail = followAudit(audit, { ...parts, metrics, opaqueUserId });
  const policyAudit = createPolicyAudit(trail, `router:${replica.id}`, firstPolicy);

  await using geo = await openGeo(config.geoipFiles, { proofs: parts.geoProofs, metrics, logger });
  const state = { redisUrls, stateDir: config.stateDir, writesState: (worker?.number ?? 1) === 1 };
  await using registries = openRegistries(state, parts);
  await using knowledge = await openKnowledge(
    { policySource, firstPolicy, routing, geo, registries },
    {
      ...parts,
      metrics,
      trail,
      policyAudit,
      replica,
      ask: askNode,
      onPolicy: (policy) => warnOfOpenDoor(config.auth, policy, logger),
    },
  );
  await using authentication = await openAuthentication(config.auth, secrets, state, { ...parts, metrics });
  await using callers = await openCallers(
    {
      authentication,
      revocations: state,
      ledger: registries.ledger,
      peers: config.peers,
      peerSecret: secrets.peerSecret,
    },
    {
      ...parts,
      metrics,
      replicaId: replica.id,
      policy: routing.policy,
      countReplicas: knowledge.countReplicas,
      opaqueUserId,
    },
  );

  const { fleet } = knowledge;
  const log = { logger, metrics, newRequestId: parts.newId, monotonicNowMs: parts.monotonicNowMs };
  const publicApp = publicAppOf({
    ...log,
    nowMs: parts.nowMs,
    newId: parts.newId,
    version,
    knowledge,
    callers,
    trustedProxies: config.trustedProxies,
    corsOrigins: config.corsOrigins,
    secretMode: config.secretMode,
    keyRing,
    reporterToken: secrets.reporterToken,
    readiness: () => ({
      ready: fleet.trust() !== 'none' && authentication.isReady() && !stop.aborted,
      trust: fleet.trust(),
      registries: fleet.sources(),
      healthyNodes: fleet.healthyNodes(),
      stopping: stop.aborted,
    }),
  });
  const refuseUnreadable = createRefuseUnreadable(log);
  // Of several processes the primary has the peer listener, as it has the admin listener.
  await using _peerListener = worker === undefined ? await openPeerListener(config, secrets, parts) : undefined;
  await using _line = worker?.answerPrimary({ metrics: metrics.readings, fleet: knowledge.view });
  const { revocations } = callers;
  const api = createAdminApi(secrets.adminTokens, {
    ...parts,
    audit,
    trail,
    revocations,
    keyRing,
    fleet: knowledge.view,
  });
  await using adminListener =
    worker === undefined
      ? await listen(adminAppOf({ ...log, version, api }), config.adminListener, adminStopTimeouts, refuseUnreadable)
      : undefined;
  await using publicListener = await listen(
    publicApp,
    config.publicListener,
    publicStopTimeouts,
    refuseUnreadable,
    worker?.untilAllRefuse,
  );

  onListening({ publicPort: publicListener.port, adminPort: adminListener?.port });
  if (!stop.aborted) await once(stop, 'abort');
  logger.info('stopping: finishing the requests under way');
}
