import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import { startFleetFeed, type AskNode, type FleetFeed, type FleetSourceParts } from '@turn-router/registry';
import type { ReportedNode } from '@turn-router/selection';
import { createFleetLog } from './fleet-log.ts';
import type { FleetFindings } from '../observe/fleet-findings.ts';
import { findKeyMismatches, findUnknownRegions } from './find-findings.ts';
import type { OutsideProofs } from './proofs/outside-proofs.ts';
import type { NodeKeys } from '../issue/node-keys.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createReadingLog } from './reading-log.ts';
import { createRegistryLog } from './registry-log.ts';
import type { Routing } from '../issue/routing.ts';
import { trustLevel, trustLevels, type TrustLevel } from '../observe/trust-level.ts';

export type FollowerParts = {
  readonly routing: Routing;
  readonly nodeKeys: Pick<NodeKeys, 'ids' | 'match'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly monotonicNowMs: () => number;
  /** The number of routers that share the fleet, including this router. */
  readonly countReplicas: () => number;
  readonly ask: AskNode;
  readonly outside: Pick<OutsideProofs, 'refuted'>;
  /** Called with all nodes after each update. */
  readonly onNodes?: (nodes: readonly ReportedNode[]) => void;
};

/** The fleet as this router follows it. */
export interface FollowedFleet extends AsyncDisposable {
  readonly trust: () => TrustLevel;
  readonly sources: FleetFeed['sources'];
  /** All nodes of the registries, whatever their status. */
  readonly nodes: () => readonly ReportedNode[];
  /** The number of nodes that take calls, in all registries together. */
  readonly healthyNodes: () => number;
  /** The number of nodes that have another secret than this router under the same key id. */
  readonly mismatchedNodes: () => number;
  /** Judges these nodes again with the next update, which starts at once. Something else than their reports has changed. */
  readonly judgeAgain: (names: Iterable<string>) => void;
  readonly refresh: FleetFeed['refresh'];
}

/** Number of reports that are processed before waiting requests get a turn. They take about a millisecond. */
const reportsPerTurn = 250;

/** The same number before the first nodes are processed. At that time the router cannot answer requests yet. */
const firstReportsPerTurn = 2_500;

/** Updates routing, metrics and log after each change of the registries. */
export async function followFleet(
  sources: readonly FleetSourceParts[],
  { routing, nodeKeys, metrics, logger, monotonicNowMs, countReplicas, ask, outside, onNodes }: FollowerParts,
): Promise<FollowedFleet> {
  const readingLogs = new Map(sources.map(({ name }) => [name, createReadingLog(name, logger, monotonicNowMs)]));
  const logFleet = createFleetLog(logger, monotonicNowMs);
  let feed: FleetFeed | undefined;
  let hasTakenNodes = false;
  /** The update in progress. A change during an update is processed by the next update. */
  let taking: Promise<void> | undefined;
  let isOutdated = false;
  /** Names of nodes to judge again. */
  let toJudge = new Set<string>();
  let lastLevel: TrustLevel = 'none';
  let findings: FleetFindings = { mismatches: [], unknownRegions: [], refuted: [] };

  /**
   * Returns the status of the sources. While the first nodes are read but not processed yet, it returns no sources, because callers get none of
   * these nodes.
   */
  function usedSources(): ReturnType<FleetFeed['sources']> {
    const known = feed?.sources() ?? [];
    return hasTakenNodes || known.every((source) => source.nodes === 0) ? known : [];
  }

  const trust = (): TrustLevel =>
    trustLevel({
      sources: usedSources(),
      healthyNodes: routing.countNodes(),
      hasStaticNodes: routing.hasStaticNodes(),
    });

  function takeFleet(): void {
    isOutdated = true;
    if (feed !== undefined) taking ??= takeWhileOutdated(feed);
  }

  function takeNodesToJudge(nodes: readonly ReportedNode[]): ReportedNode[] {
    if (toJudge.size === 0) return [];
    const names = toJudge;
    toJudge = new Set();
    return nodes.filter(({ key }) => names.has(nodeNameFromKey(key)));
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
    const nodes = from.nodes();
    const judgedAgain = takeNodesToJudge(nodes);
    const perTurn = hasTakenNodes ? reportsPerTurn : firstReportsPerTurn;
    let start = 0;
    for (; start + perTurn < changed.length; start += perTurn) {
      routing.takeReports(changed.slice(start, start + perTurn));
      await nextTurn();
    }
    routing.applyChange({
      changed: changed.slice(start),
      retrusted: [...retrusted, ...judgedAgain],
      gone,
      replicas: countReplicas(),
    });
    hasTakenNodes = hasNodes;
    findings = {
      mismatches: findKeyMismatches(nodes, nodeKeys),
      unknownRegions: findUnknownRegions(nodes, routing.policy().regions),
      refuted: outside.refuted(),
    };
    logFleet(routing.status(), findings);
    onNodes?.(nodes);
    const level = trust();
    if (level !== lastLevel) {
      const fields = { from: lastLevel, to: level };
      const isWorse = trustLevels.indexOf(level) > trustLevels.indexOf(lastLevel);
      if (isWorse)
        logger.warn({ event: 'registry.trust_changed', ...fields }, 'trust level of the registry data changed');
      else logger.info({ event: 'registry.trust_changed', ...fields }, 'trust level of the registry data changed');
    }
    lastLevel = level;
  }

  feed = await startFleetFeed(
    sources,
    {
      ...createRegistryLog(logger, monotonicNowMs),
      onReading(name, reading) {
        metrics.useReading(name, reading);
        readingLogs.get(name)?.(reading);
      },
      onFault: (name, { fault }) => metrics.countRegistryFault(name, fault),
      onChange: takeFleet,
    },
    { monotonicNowMs, ask, vanishing: () => routing.policy().trust, addresses: () => routing.policy().nodes },
  );
  metrics.showFleet(() => ({
    status: routing.status(),
    unproven: routing.unproven(),
    regions: Object.keys(routing.policy().regions),
    nodes: feed.nodes(),
    sources: feed.sources(),
    step: trust(),
    keyIds: nodeKeys.ids,
    findings,
  }));
  // Processes snapshots from disk. Also processes first reads that ended before `feed` was assigned.
  takeFleet();
  await taking;
  return {
    trust,
    nodes: feed.nodes,
    healthyNodes: routing.countNodes,
    sources: feed.sources,
    judgeAgain(names) {
      for (const name of names) toJudge.add(name);
      takeFleet();
    },
    mismatchedNodes: () => findings.mismatches.length,
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
