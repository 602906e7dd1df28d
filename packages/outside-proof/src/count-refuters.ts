import type { ProofReason } from '@turn-router/contract/registry';
import { findingsFor, type ProberView, type SeenPath } from './prober-views.ts';

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
 * Counts the refuters of each path and returns the path that decides: of those with a majority the one that callers try first, else the one with
 * most refuters.
 *
 * A prober that cannot check a path, such as one without IPv6, is not counted on it. If most cannot, the path refutes nobody. A prober that has
 * not probed the node yet is counted, so nobody decides before the others have looked.
 *
 * @param target the node's name
 * @param views of the node's confirming probers
 * @returns undefined if nobody refutes the node
 */
export function countRefuters(target: string, views: readonly ProberView[]): Count | undefined {
  const findings = views.map((view) => findingsFor(target, view));
  const refuted = findings.flatMap((paths) => paths?.filter(({ finding }) => finding === 'refuted') ?? []);
  const counts = [...new Set(refuted.map(({ name }) => name))].map((path) => countOnPath(path, findings));
  const first = counts.filter(({ isMajority }) => isMajority).toSorted(byTransport)[0];
  return first ?? counts.toSorted((one, other) => other.refuters - one.refuters || byTransport(one, other))[0];
}

/** The order in which callers try the transports. If UDP fails, TCP and TLS often fail as well, but their reasons say less. */
const transportOrder: readonly string[] = ['udp', 'tcp', 'tls'];

function byTransport(one: Count, other: Count): number {
  const rank = ({ path }: Count) => transportOrder.indexOf(path.slice(0, path.indexOf(' ')));
  return rank(one) - rank(other) || (one.path < other.path ? -1 : 1);
}

function countOnPath(path: string, findings: readonly (readonly SeenPath[] | undefined)[]): Count {
  const found = findings.map((paths) => paths?.find(({ name }) => name === path));
  const able = found.filter((seen) => seen?.finding !== 'nothing').length;
  const reasons = found.flatMap((seen) => (seen?.finding === 'refuted' ? [seen.reason ?? 'refused'] : []));
  const refuters = reasons.length;
  const isMajority = 2 * able >= findings.length && refuters >= refutersNeeded(able);
  return { path, reason: mostFrequent(reasons), refuters, able, isMajority };
}

function mostFrequent(reasons: readonly ProofReason[]): ProofReason {
  const counts = new Map<ProofReason, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts.keys()].toSorted().find((reason) => counts.get(reason) === most) ?? 'refused';
}
