import type { Policy } from '@turn-router/contract/policy';
import { callModelFrom, createCallRecord, type CallModel, type CallRecord } from './call-model.ts';
import { regionUse } from './node-load.ts';
import { createNodePool, type NodePool } from './node-pool.ts';
import { isOffered, issuedMbpsAt, reportedPartLeft, startFrom, workAt, type NodeTrack } from './node-track.ts';
import type { SpillEdge } from './spill-controller.ts';

/** One region through time. */
export type RegionState = {
  readonly region: string;
  readonly tracks: Set<NodeTrack>;
  readonly record: CallRecord;
  model: CallModel;
  /** Of the nodes that take calls; undefined when none does. */
  pool: NodePool<NodeTrack> | undefined;
  /** Whether `pool` still has to be made anew from `tracks`. */
  isPoolOutdated: boolean;
  capacityMbps: number;
  /** Estimated part of the capacity in use, as of the last refresh. */
  load: number;
  /** Its shares of calls that go elsewhere, as of the last refresh. */
  spills: readonly SpillEdge[];
};

export function createRegionState(region: string, calls: Policy['calls'], nowMs: number): RegionState {
  const record = createCallRecord(nowMs);
  return {
    region,
    tracks: new Set(),
    record,
    model: callModelFrom(record, calls),
    pool: undefined,
    isPoolOutdated: true,
    capacityMbps: 0,
    load: 0,
    spills: [],
  };
}

/** The pool has to be made anew; until then it serves as it is. */
export function outdatePool(state: RegionState): void {
  state.isPoolOutdated = true;
  if (state.pool !== undefined) state.pool.isOutdated = true;
}

/** Brings everything that is derived from the tracks up to this moment. */
export function refreshRegion(state: RegionState, policy: Pick<Policy, 'calls' | 'load'>, nowMs: number): void {
  state.model = callModelFrom(state.record, policy.calls);
  if (state.isPoolOutdated) {
    const offered = [...state.tracks].filter((track) => isOffered(track));
    state.pool = offered.length === 0 ? undefined : createNodePool(offered);
    state.capacityMbps = state.pool?.cumulativeMbps.at(-1) ?? 0;
    state.isPoolOutdated = false;
  }
  const offered = state.pool?.members ?? [];
  const believed = offered.filter(({ doubt }) => doubt === undefined);
  const awaiting = offered.filter(({ awaitsAverage }) => awaitsAverage);
  if (awaiting.length > 0) {
    const averageLoad = averageWork(believed, state.model, nowMs);
    for (const track of awaiting) startFrom(track, averageLoad * track.node.capacityMbps, nowMs);
  }
  // Where nobody is believed, what was given out is all that is known.
  state.load =
    believed.length > 0
      ? regionLoad(believed, state.model, policy.load, nowMs)
      : averageWork(offered, state.model, nowMs);
}

/**
 * What is left of the use of the resource that runs out first, and what was issued since the reports.
 *
 * load = use by the reports, each faded by its age, + Σ work issued since ÷ Σ capacity
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

/** Work estimated now ÷ capacity; 0 without nodes. */
function averageWork(tracks: readonly NodeTrack[], model: CallModel, nowMs: number): number {
  let workMbps = 0;
  let capacityMbps = 0;
  for (const track of tracks) {
    workMbps += workAt(track, model, nowMs);
    capacityMbps += track.node.capacityMbps;
  }
  return capacityMbps === 0 ? 0 : workMbps / capacityMbps;
}
