import type { Policy } from '@turn-router/contract/policy';
import { callModelFrom, createCallSums, type CallModel, type CallSums } from './call-model.ts';
import { regionUse } from './node-load.ts';
import { createNodePool, type NodePool } from './node-pool.ts';
import { isOffered, issuedMbpsAt, reportedPartLeft, startFrom, workAt, type NodeTrack } from './node-track.ts';
import type { SpillEdge } from './spill-controller.ts';

/** One region over time. */
export type RegionState = {
  readonly region: string;
  readonly tracks: Set<NodeTrack>;
  readonly sums: CallSums;
  model: CallModel;
  /** The nodes that take calls. Undefined if no node takes calls. */
  pool: NodePool<NodeTrack> | undefined;
  /** Whether `pool` has to be rebuilt from `tracks`. */
  isPoolOutdated: boolean;
  capacityMbps: number;
  /** Estimated part of the capacity in use at the last refresh. */
  load: number;
  /** Shares of new calls that went to the region's targets at the last refresh. */
  spills: readonly SpillEdge[];
};

export function createRegionState(region: string, calls: Policy['calls'], nowMs: number): RegionState {
  const sums = createCallSums(nowMs);
  return {
    region,
    tracks: new Set(),
    sums,
    model: callModelFrom(sums, calls),
    pool: undefined,
    isPoolOutdated: true,
    capacityMbps: 0,
    load: 0,
    spills: [],
  };
}

/** Marks the pool so that the next refresh rebuilds it. Until then, decisions use the old pool. */
export function markPoolOutdated(state: RegionState): void {
  state.isPoolOutdated = true;
  if (state.pool !== undefined) state.pool.isOutdated = true;
}

/** Recomputes all values that are derived from the tracks. */
export function refreshRegion(state: RegionState, policy: Pick<Policy, 'calls' | 'load'>, nowMs: number): void {
  state.model = callModelFrom(state.sums, policy.calls);
  if (state.isPoolOutdated) {
    const offered = [...state.tracks].filter((track) => isOffered(track));
    state.pool = offered.length === 0 ? undefined : createNodePool(offered);
    state.capacityMbps = state.pool?.cumulativeMbps.at(-1) ?? 0;
    state.isPoolOutdated = false;
  }
  const offered = state.pool?.members ?? [];
  const plausible = offered.filter(({ doubt }) => doubt === undefined);
  const awaiting = offered.filter(({ awaitsAverage }) => awaitsAverage);
  if (awaiting.length > 0) {
    const meanLoad = averageLoad(plausible, state.model, nowMs);
    for (const track of awaiting) startFrom(track, meanLoad * track.node.capacityMbps, nowMs);
  }
  // If no node is plausible, the load is estimated from all nodes, because there are no other figures.
  state.load =
    plausible.length > 0
      ? regionLoad(plausible, state.model, policy.load, nowMs)
      : averageLoad(offered, state.model, nowMs);
}

/**
 * Estimates the load of a region from the resource with the highest use, and the work issued since the reports.
 *
 * load = reported use of this resource, without the part that has ended since the reports, + Σ work issued since the reports ÷ Σ capacity
 */
function regionLoad(tracks: readonly NodeTrack[], model: CallModel, weights: Policy['load'], nowMs: number): number {
  let issuedMbps = 0;
  let capacityMbps = 0;
  for (const track of tracks) {
    issuedMbps += issuedMbpsAt(track, model, nowMs);
    capacityMbps += track.node.capacityMbps;
  }
  if (capacityMbps === 0) return 0;
  return regionUse(tracks, weights, (track) => reportedPartLeft(track, model, nowMs)) + issuedMbps / capacityMbps;
}

/** The mean load: Σ estimated work ÷ Σ capacity. 0 if there are no nodes. */
function averageLoad(tracks: readonly NodeTrack[], model: CallModel, nowMs: number): number {
  let workMbps = 0;
  let capacityMbps = 0;
  for (const track of tracks) {
    workMbps += workAt(track, model, nowMs);
    capacityMbps += track.node.capacityMbps;
  }
  return capacityMbps === 0 ? 0 : workMbps / capacityMbps;
}
