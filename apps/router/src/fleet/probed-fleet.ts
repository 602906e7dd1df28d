import type { ProbeTargetsAnswer } from '@turn-router/contract/http';
import { probeTargetsPageMax } from '@turn-router/contract/http';
import {
  nodeNameFromKey,
  publishedReportFrom,
  type NodeKey,
  type NodeReport,
  type PublishedReport,
} from '@turn-router/contract/registry';
import { createAssignment, knownProbers, type Assignment } from '@turn-router/outside-proof';

/** The fleet as probers see it through this router. All answers come from memory. */
export interface ProbedFleet {
  /** Returns the report of a node by its name. */
  readonly reportOf: (name: string) => NodeReport | undefined;
  /** Returns what a node publishes for callers. */
  readonly publishedOf: (name: string) => PublishedReport | undefined;
  /** Returns the nodes after a name, sorted by name. */
  readonly pageAfter: (after?: string) => ProbeTargetsAnswer;
  /** Whether the prober is one of those that probe or confirm the node. */
  readonly mayProbe: (prober: NodeKey, target: NodeKey) => boolean;
}

export type ProbedFleetParts = {
  readonly nodes: () => readonly { readonly key: NodeKey; readonly report: NodeReport }[];
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
};

/** Time for which the nodes are kept in the order of their names, ms. With 10 000 nodes, the order costs some milliseconds. */
const nodesMaxAgeMs = 1_000;

/** Time for which it is kept who probes whom, ms. Probers learn of other nodes no sooner. */
const assignmentMaxAgeMs = 5_000;

/** Probers that no record announces, such as fleet watches, for which it is kept who probes whom. */
const unannouncedMax = 16;

/** Nothing is computed until a prober asks, so that a router without probers over HTTP has no costs. */
export function createProbedFleet({ nodes, monotonicNowMs }: ProbedFleetParts): ProbedFleet {
  const byName = keepFor(nodesMaxAgeMs, monotonicNowMs, () => {
    return new Map(nodes().map(({ key, report }) => [nodeNameFromKey(key), report]));
  });
  const sortedNames = keepFor(nodesMaxAgeMs, monotonicNowMs, () => [...byName().keys()].toSorted());
  const assignments = keepFor(assignmentMaxAgeMs, monotonicNowMs, () => {
    const announced = nodes().filter(({ report }) => report.probes_others === true);
    const keys = announced.map(({ key }) => key);
    return { announced: keys, ofAnnounced: createAssignment(keys), withOther: new Map<string, Assignment>() };
  });

  /** A prober that has just started, or a fleet watch, knows of itself before the records do. */
  function assignmentWith(prober: NodeKey): Assignment {
    const name = nodeNameFromKey(prober);
    const { announced, ofAnnounced, withOther } = assignments();
    if (ofAnnounced.isProber(name)) return ofAnnounced;
    const known = withOther.get(name) ?? createAssignment(knownProbers(announced, [prober]));
    if (withOther.size < unannouncedMax) withOther.set(name, known);
    return known;
  }

  function publishedOf(name: string): PublishedReport | undefined {
    const report = byName().get(name);
    return report === undefined ? undefined : publishedReportFrom(report);
  }

  return {
    reportOf: (name) => byName().get(name),
    publishedOf,
    pageAfter(after = '') {
      const names = sortedNames();
      const start = indexAfter(names, after);
      const page = names.slice(start, start + probeTargetsPageMax);
      return {
        nodes: page.flatMap((node) => {
          const published = publishedOf(node);
          return published === undefined ? [] : [{ node, published }];
        }),
        ...(start + page.length < names.length && { after: page.at(-1) }),
      };
    },
    mayProbe(prober, target) {
      const name = nodeNameFromKey(prober);
      return assignmentWith(prober)
        .confirming(target)
        .some((key) => nodeNameFromKey(key) === name);
    },
  };
}

/** Returns a function that computes a value when it is asked, and keeps it for a time. */
function keepFor<T>(maxAgeMs: number, monotonicNowMs: () => number, compute: () => T): () => T {
  let kept: { readonly value: T; readonly atMs: number } | undefined;
  return () => {
    const nowMs = monotonicNowMs();
    if (kept === undefined || nowMs - kept.atMs >= maxAgeMs) kept = { value: compute(), atMs: nowMs };
    return kept.value;
  };
}

/** Returns the index of the first name after `name`, by bisection. */
function indexAfter(sorted: readonly string[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}
