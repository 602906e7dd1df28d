import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  startFleetFeed,
  type AskNode,
  type FleetFeed,
  type FleetNode,
  type FleetSourceParts,
} from '@turn-router/registry';
import { createFleetLog } from './fleet-log.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createRegistryLog } from './registry-log.ts';
import { createRejectionLog } from '../observe/rejection-log.ts';
import type { Routing } from '../issue/routing.ts';
import { trustStep, trustSteps, type TrustStep } from '../observe/trust-step.ts';

export type FollowerParts = {
  readonly routing: Routing;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly monotonicNowMs: () => number;
  /** Routers that share the fleet, this one included. */
  readonly countReplicas: () => number;
  readonly ask: AskNode;
  /** Called with all nodes after each update. */
  readonly onNodes?: (nodes: readonly FleetNode[]) => void;
};

/** The fleet as this router follows it. */
export interface FollowedFleet extends AsyncDisposable {
  readonly trust: () => TrustStep;
  readonly sources: FleetFeed['sources'];
  /** All known nodes, whatever their status. */
  readonly nodes: () => readonly FleetNode[];
  /** Number of nodes that take calls, of all registries together. */
  readonly healthyNodes: () => number;
  readonly refresh: FleetFeed['refresh'];
}

/** Number of reports that are processed before requests get their turn: about a millisecond of work. */
const reportsPerTurn = 250;

/** The same before the first nodes are known: requests cannot be answered yet. */
const firstReportsPerTurn = 2_500;

/** Keeps routing, metrics and log in step with the registries. */
export async function followFleet(
  sources: readonly FleetSourceParts[],
  { routing, metrics, logger, monotonicNowMs, countReplicas, ask, onNodes }: FollowerParts,
): Promise<FollowedFleet> {
  const rejectionLogs = new Map(
    sources.map(({ name }) => [
      name,
      createRejectionLog((rejected) =>
        logger.warn({ event: 'registry.record_ignored', ...rejected }, 'ignoring invalid registry record'),
      ),
    ]),
  );
  const logFleet = createFleetLog(logger);
  let feed: FleetFeed | undefined;
  let hasTakenNodes = false;
  /** The running update. A change during an update is processed by the next one. */
  let taking: Promise<void> | undefined;
  let isOutdated = false;
  let lastStep: TrustStep = 'none';

  /** Returns no sources while the first nodes are read but not processed yet, because callers get none of them. */
  function usedSources(): ReturnType<FleetFeed['sources']> {
    const known = feed?.sources() ?? [];
    return hasTakenNodes || known.every((source) => source.nodes === 0) ? known : [];
  }

  const trust = (): TrustStep =>
    trustStep({
      sources: usedSources(),
      healthyNodes: routing.countNodes(),
      hasStaticNodes: routing.hasStaticNodes(),
    });

  function takeFleet(): void {
    isOutdated = true;
    if (feed !== undefined) taking ??= takeWhileOutdated(feed);
  }

  async function takeWhileOutdated(from: FleetFeed): Promise<void> {
    try {
      while (isOutdated) {
        isOutdated = false;
        await takeChanges(from);
      }
    } finally {
      taking = undefined;
    }
  }

  async function takeChanges(from: FleetFeed): Promise<void> {
    const hasNodes = from.sources().some((source) => source.nodes > 0);
    const { changed, retrusted, gone } = from.takeChanges();
    const perTurn = hasTakenNodes ? reportsPerTurn : firstReportsPerTurn;
    let start = 0;
    for (; start + perTurn < changed.length; start += perTurn) {
      routing.takeReports(changed.slice(start, start + perTurn));
      await nextTurn();
    }
    routing.applyChange({ changed: changed.slice(start), retrusted, gone, replicas: countReplicas() });
    hasTakenNodes = hasNodes;
    logFleet(routing.status());
    onNodes?.(from.nodes());
    const step = trust();
    if (step !== lastStep) {
      const fields = { from: lastStep, to: step };
      const isWorse = trustSteps.indexOf(step) > trustSteps.indexOf(lastStep);
      if (isWorse) logger.warn({ event: 'registry.trust_changed', ...fields }, 'registry trust changed');
      else logger.info({ event: 'registry.trust_changed', ...fields }, 'registry trust changed');
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
  // Processes snapshots from disk, and first readings that ended before `feed` was assigned.
  takeFleet();
  await taking;
  return {
    trust,
    nodes: feed.nodes,
    healthyNodes: routing.countNodes,
    sources: feed.sources,
    async refresh() {
      await feed.refresh();
      await taking;
    },
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await taking;
    },
  };
}
