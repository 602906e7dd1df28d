import { startFleetFeed, type AskNode, type FleetFeed, type FleetSourceParts } from '@turn-router/registry';
import { createFleetLog } from './fleet-log.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { createRegistryLog } from './registry-log.ts';
import { createRejectionLog } from './rejection-log.ts';
import type { Routing } from './routing.ts';
import { trustStep, trustSteps, type TrustStep } from './trust-step.ts';

export type FollowerParts = {
  readonly routing: Routing;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly monotonicNowMs: () => number;
  /** Routers that share the fleet, this one included. */
  readonly countReplicas: () => number;
  readonly ask: AskNode;
};

/** The fleet as this router follows it. */
export interface FollowedFleet extends AsyncDisposable {
  readonly trust: () => TrustStep;
  readonly sources: FleetFeed['sources'];
  /** Nodes that take calls, of all registries together. */
  readonly healthyNodes: () => number;
  readonly refresh: FleetFeed['refresh'];
}

/** A large fleet is taken in with requests answered in between: so many nodes more at a time cost a few ms. */
const nodesAtOnce = 2_000;

/** Keeps routing, metrics and log in step with the registries. */
export async function followFleet(
  sources: readonly FleetSourceParts[],
  { routing, metrics, logger, monotonicNowMs, countReplicas, ask }: FollowerParts,
): Promise<FollowedFleet> {
  const rejectionLogs = new Map(sources.map(({ name }) => [name, createRejectionLog(logger)]));
  const logFleet = createFleetLog(logger);
  let feed: FleetFeed | undefined;
  let takenNodes = 0;
  let lastStep: TrustStep = 'none';

  const trust = (): TrustStep =>
    trustStep({
      sources: feed?.sources() ?? [],
      healthyNodes: routing.countNodes(),
      hasStaticNodes: routing.hasStaticNodes(),
    });

  function takeFleet(): void {
    if (feed === undefined) return;
    const nodes = feed.nodes();
    const handedOver = nodes.slice(0, takenNodes + nodesAtOnce);
    takenNodes = handedOver.length;
    routing.useReading({ nodes: handedOver, replicas: countReplicas() });
    if (takenNodes < nodes.length) setImmediate(takeFleet);
    logFleet(routing.status());
    const step = trust();
    if (step !== lastStep) {
      const isWorse = trustSteps.indexOf(step) > trustSteps.indexOf(lastStep);
      logger[isWorse ? 'warn' : 'info']({ from: lastStep, to: step }, 'answers stand on another step of trust');
    }
    lastStep = step;
  }

  feed = await startFleetFeed(
    sources,
    {
      ...createRegistryLog(logger),
      onSnapshot(name, snapshot) {
        metrics.useRejected(name, snapshot.rejected);
        rejectionLogs.get(name)?.(snapshot.rejected);
      },
      onFault: (name, { fault }) => metrics.countRegistryFault(name, fault),
      onChange: takeFleet,
    },
    { monotonicNowMs, ask, vanishing: () => routing.policy().trust },
  );
  metrics.showFleet(() => ({
    status: routing.status(),
    nodes: feed.nodes(),
    sources: feed.sources(),
    step: trust(),
  }));
  // What was on disk, and the first readings that ended before there was a feed to read.
  takeFleet();
  return {
    trust,
    healthyNodes: routing.countNodes,
    sources: feed.sources,
    refresh: feed.refresh,
    [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose](),
  };
}
