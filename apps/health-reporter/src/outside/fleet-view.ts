import { createAssignment, knownProbers, type PublishedNode, type Targets } from '@turn-router/outside-proof';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { PublishedRecord } from '../publish/proof-registry.ts';
import { ownKeyUseFrom, type OwnFingerprints, type OwnKeyUse } from './own-key-use.ts';
import { publishedNode } from './published-path.ts';

/** The fleet as one prober sees it. */
export type FleetView = {
  /** Where each record sends callers. The prober's own record is left out. */
  readonly published: readonly PublishedNode[];
  readonly publishedOf: (key: NodeKey) => PublishedNode;
  readonly targets: Targets;
  readonly mayUseOwnKeys: OwnKeyUse;
  /** The number of probers that probe the prober's own node in every round. Undefined: it has no record, as a fleet watch. */
  readonly ownProbers: number | undefined;
  /** Changes with the nodes and the probers. */
  readonly membership: string;
};

const noAddress: PublishedNode = { addresses: [] };

export const emptyFleet: FleetView = {
  published: [],
  publishedOf: () => noAddress,
  targets: { assigned: [], confirming: [] },
  mayUseOwnKeys: () => false,
  ownProbers: undefined,
  membership: '',
};

/**
 * @param self a prober in any case, even while its own record does not say so yet
 * @param before the previous view; its targets stay while nodes and probers are the same, because they are costly to compute
 */
export function fleetViewFrom(
  records: readonly PublishedRecord[],
  self: NodeKey,
  before: FleetView,
  ownFingerprints: OwnFingerprints,
): FleetView {
  const own = nodeNameFromKey(self);
  const others = records.filter(({ key }) => nodeNameFromKey(key) !== own);
  const announced = records.filter(({ report }) => report.probes_others === true).map(({ key }) => key);
  const published = new Map(others.map(({ key, report }) => [nodeNameFromKey(key), publishedNode(report)]));
  const names = records.map(({ key, report }) => `${nodeNameFromKey(key)} ${report.probes_others === true}`);
  const view = {
    published: [...published.values()],
    publishedOf: (key: NodeKey) => published.get(nodeNameFromKey(key)) ?? noAddress,
    mayUseOwnKeys: ownKeyUseFrom(records, self, ownFingerprints),
    membership: names.toSorted().join(),
  };
  if (view.membership === before.membership) return { ...before, ...view };
  const assignment = createAssignment(knownProbers(announced, [self]));
  const nodes = others.map(({ key }) => key);
  return {
    ...view,
    targets: assignment.targetsOf(self, nodes),
    ownProbers: others.length < records.length ? assignment.assigned(self).length : undefined,
  };
}

/** Reads of records in a second that all probers of a fleet together cause. */
const readsPerSecond = 3_300;

/** The longest time between two readings of the whole fleet, ms. */
const readingMaxMs = 600_000;

/**
 * Returns the time between two readings of the whole fleet, ms: `nodes² / 3300 s`, at least a round, at most ten minutes. Every reporter reads the
 * fleet, so the reads grow with the square of its size. 300 nodes: 30 s. 1 000 nodes: five minutes. A target's own record is read before each
 * probe, whatever the size.
 */
export function readingIntervalMs(nodes: number, roundMs: number): number {
  return Math.min(readingMaxMs, Math.max(roundMs, (nodes ** 2 / readsPerSecond) * 1_000));
}
