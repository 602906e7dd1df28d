import type { ProofReason } from '@turn-router/contract/registry';
import type { ProberView } from './prober-views.ts';

/** The count of the confirming probers on the path of a node that most of them refute. */
export type Count = {
  readonly path: string;
  readonly reason: ProofReason;
  readonly refuters: number;
  /** Confirming probers that can check the path, also those that have not probed it yet. */
  readonly able: number;
  /** Whether enough of them refute the path. */
  readonly isMajority: boolean;
};

/**
 * The number of refuters that refute a node: more than two thirds of the probers, and at least two. Of three probers, two are enough: the one in
 * the node's own region may reach it over a path that callers do not have.
 */
export function refutersNeeded(probers: number): number {
  return probers <= 3 ? 2 : Math.floor((2 * probers) / 3) + 1;
}

/**
 * Counts the refuters of each path and returns the path that decides: one with a majority, else the one with most refuters.
 *
 * A prober that cannot check a path, such as one without IPv6, is not counted on it. If most cannot, the path refutes nobody. A prober that has
 * not probed the node yet is counted, so nobody decides before the others have looked.
 *
 * @param target the node's name
 * @param views of the node's confirming probers
 * @returns undefined if nobody refutes the node
 */
export function countRefuters(target: string, views: readonly ProberView[]): Count | undefined {
  const paths = new Set(views.flatMap((view) => [...(view.get(target)?.keys() ?? [])]));
  const counts = [...paths].map((path) => countOnPath(target, path, views)).filter((count) => count !== undefined);
  return counts.toSorted(
    (one, other) =>
      Number(other.isMajority) - Number(one.isMajority) ||
      other.refuters - one.refuters ||
      (one.path < other.path ? -1 : 1),
  )[0];
}

function countOnPath(target: string, path: string, views: readonly ProberView[]): Count | undefined {
  const found = views.map((view) => view.get(target)?.get(path));
  const able = found.filter((view) => view?.finding !== 'nothing').length;
  const reasons = found.flatMap((view) =>
    view?.finding === 'refuted' && view.reason !== undefined ? [view.reason] : [],
  );
  const reason = mostFrequent(reasons);
  if (reason === undefined) return undefined;
  const refuters = reasons.length;
  const isMajority = 2 * able >= views.length && refuters >= refutersNeeded(able);
  return { path, reason, refuters, able, isMajority };
}

function mostFrequent(reasons: readonly ProofReason[]): ProofReason | undefined {
  const counts = new Map<ProofReason, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts.keys()].toSorted().find((reason) => counts.get(reason) === most);
}
