import { once } from 'node:events';
import type { GeoProofs } from '@turn-router/geo';
import { openFilePolicySource } from '@turn-router/registry';
import { createKeyRingOfNode, createOpaqueUserId } from '@turn-router/turn-credentials';
import { openAuthentication } from '../callers/auth/open-authentication.ts';
import { warnIfAnonymousUnlimited } from '../callers/limits/warn-if-anonymous-unlimited.ts';
import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { askNodeByStun } from '../fleet/ask-node-by-stun.ts';
import type { FleetView } from '../fleet/fleet-view.ts';
import { createFindExclusion } from '../fleet/find-exclusion.ts';
import { createOutsideProofs } from '../fleet/proofs/outside-proofs.ts';
import { createOwnClock } from '../fleet/own-clock.ts';
import { openRegistries } from '../fleet/registries.ts';
import { publicStopTimeouts, listen, adminStopTimeouts } from '../http/listen.ts';
import { adminSettings, explainListenError, publicSettings } from '../http/listen-error.ts';
import { openPeerListener } from '../http/peers/open-peer-listener.ts';
import { findNotReadyReasons } from '../http/routes/health.ts';
import { createRefuseUnreadable } from '../http/refuse-unreadable.ts';
import { createNodeKeys } from '../issue/node-keys.ts';
import { createRouting } from '../issue/routing.ts';
import { followAudit } from '../observe/audit/follow-audit.ts';
import { openAuditLog } from '../observe/audit/open-audit-log.ts';
import type { Logger } from '../observe/logger.ts';
import { createMetrics, type MetricReading } from '../observe/metrics.ts';
import { openPolicy } from '../policy/open-policy.ts';
import { createPolicyAudit } from '../policy/policy-audit.ts';
import { keepHeapSmall } from '../process/keep-heap-small.ts';
import type { ReloadRequests } from '../process/reload-requests.ts';
import type { World } from '../world.ts';
import { openKeptCapacitiesOf } from './capacities-at-start.ts';
import { adminAppOf, publicAppOf } from './create-apps.ts';
import { createAdminApi } from './open-admin.ts';
import { openCallers } from './open-callers.ts';
import { openGeo } from './open-geo.ts';
import { openKnowledge } from './open-knowledge.ts';
import { logPolicyAtStart, openKeptPolicyOf } from './policy-at-start.ts';

/** A worker's connection to the primary. */
export type WorkerLink = {
  /** The number of the worker, from 1. A replacement has the number of the worker that it replaces. So no two running workers share a number. */
  readonly number: number;
  /**
   * Reports that this worker refuses new connections. Settles when the other stopping workers also refuse new connections, or after half a second.
   * Otherwise a caller could reconnect to another stopping worker, which would then cut the caller off.
   */
  readonly untilAllRefuse: () => Promise<void>;
  /** Answers questions of the primary. Disposal sends the last metrics to the primary, so that no count is lost. */
  readonly answerPrimary: (answers: WorkerAnswers) => AsyncDisposable;
};

/** The answers that only a worker can give. */
export type WorkerAnswers = {
  readonly metrics: () => Promise<readonly MetricReading[]>;
  readonly fleet: FleetView;
};

export type RouterParts = World & {
  readonly logger: Logger;
  readonly version: string;
  /** Stores the results of GeoIP file checks. */
  readonly geoProofs: GeoProofs;
  readonly reloads: Pick<ReloadRequests, 'onReload'>;
  /** Undefined: this is the only process. Otherwise the primary has the admin listener. */
  readonly worker?: WorkerLink | undefined;
};

/** If there are at least this many nodes, reading the registry would make V8 collect a small heap all the time. */
const largeFleetNodes = 2_000;

/**
 * Composes the router and runs it until `stop` is aborted. Then it finishes requests in progress, and closes everything in reverse order.
 *
 * @param onListening called when the listeners accept connections, with the ports in use
 * @throws PolicyError, GeoFileError, RegistryError for API_KEYS_FILE, or ListenError if a port is in use
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
  const policySource = openFilePolicySource(config.policyFile, parts);
  const isWriter = (worker?.number ?? 1) === 1;
  await using keptPolicy = await openKeptPolicyOf(
    { stateDir: config.stateDir, writes: isWriter },
    { ...parts, metrics },
  );
  const firstPolicy = await openPolicy(policySource, keptPolicy.restored);
  const { inForce, refusal } = firstPolicy;
  keptPolicy.keep({ sha256: inForce.sha256, text: inForce.text });
  logPolicyAtStart(firstPolicy, { logger, metrics });
  warnIfAnonymousUnlimited(config.auth, inForce.policy, logger);
  const replica = { id: parts.newId(), version };
  const opaqueUserId = createOpaqueUserId(keyRing.keys[0]);
  await using audit = openAuditLog({ redisUrls, stateDir: config.stateDir }, parts);
  await using trail = followAudit(audit, { ...parts, metrics, opaqueUserId });
  const policyAudit = createPolicyAudit(trail, `router:${replica.id}`, inForce);
  if (refusal !== undefined) policyAudit.refused(refusal);

  await using geo = await openGeo(config.geoipFiles, { proofs: parts.geoProofs, metrics, logger });
  const state = { redisUrls, stateDir: config.stateDir, writesState: isWriter };
  await using registries = openRegistries({ ...state, recordsMax: config.registryMaxRecords }, { ...parts, metrics });
  const ownClock = createOwnClock(registries.clocks, parts);
  const nodeKeys = createNodeKeys(keyRing, createKeyRingOfNode(config.secretMode, keyRing));
  const outside = createOutsideProofs();
  const findExclusion = createFindExclusion(nodeKeys, ownClock, outside);
  await using capacities = await openKeptCapacitiesOf(config.stateDir, isWriter, { logger, metrics });
  const routing = createRouting(inForce.policy, { ...parts, findExclusion, proven: capacities.restored });
  capacities.follow(routing.provenCapacities);
  using _heapWatch = keepHeapSmall(() => routing.countNodes() > largeFleetNodes);
  // Judges every node again, because its clock counts in relation to the clock of the router.
  await using _clockWatch = ownClock.follow(() => routing.usePolicy(routing.policy()));
  await using knowledge = await openKnowledge(
    { policySource, firstPolicy, routing, geo, registries },
    {
      ...parts,
      metrics,
      trail,
      policyAudit,
      keptPolicy,
      replica,
      nodeKeys,
      ask: askNodeByStun,
      outside,
      onPolicy: (policy) => warnIfAnonymousUnlimited(config.auth, policy, logger),
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

  using _reloading = parts.reloads.onReload(async () => {
    await Promise.all([knowledge.readPolicyNow(), authentication.refresh(), geo.reload()]);
    logger.info({ event: 'router.reloaded' }, 'SIGHUP: read the policy, the API keys and the GeoIP files again');
  });

  const { fleet } = knowledge;
  const { revocations } = callers;
  const log = { logger, metrics, newRequestId: parts.newId, monotonicNowMs: parts.monotonicNowMs };
  const publicApp = publicAppOf({
    ...log,
    nowMs: parts.nowMs,
    newId: parts.newId,
    version,
    knowledge,
    proofs: registries.proofDoor,
    callers,
    trustedProxies: config.trustedProxies,
    clientAddressHeader: config.clientAddressHeader,
    corsOrigins: config.corsOrigins,
    nodeKeys,
    keyRing,
    reporterToken: secrets.reporterToken,
    readiness() {
      const reasons = findNotReadyReasons({
        stopping: stop.aborted,
        nodes_unknown: fleet.trust() === 'none',
        authentication_unknown: !authentication.isReady(),
        revocations_incomplete: !revocations.isComplete(),
      });
      return {
        ready: reasons.length === 0,
        reasons,
        trust: fleet.trust(),
        registries: fleet.sources(),
        healthyNodes: fleet.healthyNodes(),
        mismatchedSecrets: fleet.mismatchedNodes(),
        stopping: stop.aborted,
      };
    },
  });
  const refuseUnreadable = createRefuseUnreadable(log);
  // If there are several processes, the primary has the peer listener and the admin listener.
  await using _peerListener = worker === undefined ? await openPeerListener(config, secrets, parts) : undefined;
  await using _answers = worker?.answerPrimary({ metrics: metrics.readings, fleet: knowledge.view });
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
      ? await explainListenError(
          listen(adminAppOf({ ...log, version, api }), config.adminListener, adminStopTimeouts, refuseUnreadable),
          config.adminListener,
          adminSettings,
        )
      : undefined;
  await using publicListener = await explainListenError(
    listen(publicApp, config.publicListener, publicStopTimeouts, refuseUnreadable, worker?.untilAllRefuse),
    config.publicListener,
    publicSettings,
  );

  onListening({ publicPort: publicListener.port, adminPort: adminListener?.port });
  if (!stop.aborted) await once(stop, 'abort');
  logger.info({ event: 'router.stopping' }, 'stopping: finishing the requests in progress');
}
