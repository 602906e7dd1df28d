import type { Policy } from '@turn-router/contract/policy';
import type { GeoLocator } from '@turn-router/geo';
import {
  combineReplicaCounts,
  createReportSink,
  startReplicaCount,
  type AskNode,
  type AuditTrail,
  type PolicySource,
  type ReplicaCount,
  type ReportSink,
} from '@turn-router/registry';
import { createDrainAudit } from '../fleet/drain-audit.ts';
import { createFleetView, type FleetView } from '../fleet/fleet-view.ts';
import { followFleet, type FollowedFleet } from '../fleet/follow-fleet.ts';
import { followProofs } from '../fleet/proofs/follow-proofs.ts';
import type { OutsideProofs } from '../fleet/proofs/outside-proofs.ts';
import type { ProofSource } from '../fleet/proofs/read-proofs.ts';
import type { Registries } from '../fleet/registries.ts';
import type { NodeKeys } from '../issue/node-keys.ts';
import { createPlaceAndChoose, type PlaceAndChoose, type Routing } from '../issue/routing.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { watchPolicy, type PolicyStart, type PolicyWatch } from '../policy/watch-policy.ts';
import type { KeptPolicy } from '../policy/kept-policy.ts';
import type { PolicyAudit } from '../policy/policy-audit.ts';
import type { World } from '../world.ts';

export type KnowledgeSources = {
  readonly policySource: PolicySource;
  /** The policy that was used to create `routing`. */
  readonly firstPolicy: PolicyStart;
  readonly routing: Routing;
  readonly geo: GeoLocator;
  readonly registries: Pick<Registries, 'sources'> & { readonly proofs: readonly ProofSource[] };
};

export type KnowledgeParts = Pick<World, 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly trail: Pick<AuditTrail, 'record'>;
  readonly policyAudit: PolicyAudit;
  /** Stores each policy that the router applies. */
  readonly keptPolicy: Pick<KeptPolicy, 'keep'>;
  readonly nodeKeys: NodeKeys;
  /** The name of this process among the processes that share the registries. */
  readonly replica: { readonly id: string; readonly version: string };
  readonly ask: AskNode;
  /** What `routing` uses to exclude refuted nodes. */
  readonly outside: OutsideProofs;
  /** Called with every later policy that the router applies. */
  readonly onPolicy: (policy: Policy) => void;
};

/** The inputs of decisions: policy, GeoIP data and fleet. They are kept up to date in memory. */
export interface Knowledge extends AsyncDisposable {
  readonly routing: Routing;
  readonly geo: GeoLocator;
  readonly placeAndChoose: PlaceAndChoose;
  readonly fleet: FollowedFleet;
  readonly view: FleetView;
  /** Accepts node reports over HTTP. */
  readonly reports: ReportSink;
  /** The number of processes that share the registries, including this process. */
  readonly countReplicas: () => number;
  /** Reads the proofs from outside now, and judges the nodes. */
  readonly readProofsNow: () => Promise<void>;
  /** Reads the policy now. */
  readonly readPolicyNow: () => Promise<void>;
}

/** Follows policy and registries until disposal. The sources stay open: the code that opened them also closes them. */
export async function openKnowledge(sources: KnowledgeSources, parts: KnowledgeParts): Promise<Knowledge> {
  const { routing, geo, registries } = sources;
  const { trail, replica, metrics, outside, monotonicNowMs } = parts;
  const policyWatch = applyPolicyChanges(sources, parts);
  const replicas = startCounting(registries, parts);
  const countReplicas = () => replicas.count();
  const close = async () => {
    await replicas[Symbol.asyncDispose]();
    policyWatch[Symbol.dispose]();
  };
  try {
    // If the policy was replaced during the start, the old policy must not answer any caller.
    await policyWatch.firstReading;
    const auditDrains = createDrainAudit(trail, `router:${replica.id}`);
    const fleet = await followFleet(registries.sources, {
      ...parts,
      routing,
      metrics,
      countReplicas,
      // Nodes of other regions never take calls, and there may be any number of them.
      onNodes: (nodes) => auditDrains(nodes.filter(({ key }) => routing.policy().regions[key.region] !== undefined)),
    });
    const { policy } = routing;
    const proofs = followProofs(registries.proofs, {
      ...parts,
      policy,
      nodes: fleet.nodes,
      onChange: fleet.judgeAgain,
    });
    metrics.showProofs(() => ({
      regions: Object.keys(policy().regions),
      judgement: outside.judgement(),
      roundTrips: outside.roundTrips(),
    }));
    return {
      routing,
      geo,
      placeAndChoose: createPlaceAndChoose(geo, routing),
      fleet,
      view: createFleetView({ routing, geo, fleet, outside, monotonicNowMs, replica, countReplicas }),
      reports: createReportSink(registries.sources.map(({ registry }) => registry)),
      countReplicas,
      readProofsNow: proofs.refresh,
      readPolicyNow: policyWatch.readNow,
      async [Symbol.asyncDispose]() {
        await proofs[Symbol.asyncDispose]();
        await fleet[Symbol.asyncDispose]();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function applyPolicyChanges(
  { policySource, firstPolicy, routing }: KnowledgeSources,
  { metrics, logger, policyAudit, keptPolicy, onPolicy }: KnowledgeParts,
): PolicyWatch {
  return watchPolicy(policySource, firstPolicy, {
    onPolicy: (read) => {
      routing.usePolicy(read.policy);
      keptPolicy.keep({ sha256: read.sha256, text: read.text });
      policyAudit.changed(read);
      metrics.countReload('policy', 'taken');
      logger.info({ event: 'policy.applied', sha256: read.sha256 }, 'policy has changed: using the new policy');
      onPolicy(read.policy);
    },
    onRefused: (error) => {
      policyAudit.refused(error);
      metrics.countReload('policy', 'refused');
      logger.error(
        { event: 'policy.refused', faults: error.message.split('\n') },
        'changed policy is unusable: keeping the previous policy',
      );
    },
  });
}

function startCounting(
  { sources }: Pick<Registries, 'sources'>,
  { replica, metrics, logger }: Pick<KnowledgeParts, 'replica' | 'metrics' | 'logger'>,
): ReplicaCount {
  return combineReplicaCounts(
    sources.map(({ name, registry }) =>
      startReplicaCount(
        registry,
        {
          onLost: ({ message }) =>
            logger.warn(
              { event: 'replicas.uncounted', registry: name, reason: message },
              'cannot count replicas: keeping the last count',
            ),
          onFault: ({ fault }) => metrics.countRegistryFault(name, fault),
          onFound: () =>
            logger.info({ event: 'replicas.counted', registry: name }, 'the router can count the replicas again'),
        },
        { replicaId: replica.id },
      ),
    ),
  );
}
