import type { Policy } from '@turn-router/contract/policy';
import { callModelFrom, createCallSums, type CallModel, type CallSums } from './call-model.ts';
import { countedCapacityMbps, usualCapacityMbps } from './earned-capacity.ts';
import { regionUse } from './node-load.ts';
import { boundsAt } from './node-proof.ts';
import { createNodePool, type NodePool } from './node-pool.ts';
import {
  isOffered,
  issuedMbpsAt,
  isTrusted,
  loadAt,
  reportedPartLeft,
  rereadReport,
  startFrom,
  workAt,
  type NodeTrack,
} from './node-track.ts';
import { defaultCapacityMbps, relayNodeFromReport } from './relay-node.ts';
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
  /** The capacity that counts without proof. */
  unprovenMbps: number;
  /** Number of routers. */
  replicas: number;
  /** Part of the work that credentials brought, which the nodes reported, 0 to 1. Above 0 if any work was brought. */
  usualPart: number;
  /** Bandwidth that the trusted nodes report per brought work, without the work that they already had at their first report. */
  usualRatio: number;
  /** Mean of the cautious loads of the trusted nodes. A node that is not trusted counts as loaded at least as much. */
  trustedLoad: number;
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
    unprovenMbps: Number.POSITIVE_INFINITY,
    replicas: 1,
    usualPart: 1,
    usualRatio: 1,
    trustedLoad: 0,
    load: 0,
    spills: [],
  };
}

/** Marks the pool so that the next refresh rebuilds it. Until then, decisions use the old pool. */
export function markPoolOutdated(state: RegionState): void {
  state.isPoolOutdated = true;
  if (state.pool !== undefined) state.pool.isOutdated = true;
}

/**
 * Recomputes all values that are derived from the tracks.
 *
 * @param bounds whether claims are bounded until the nodes have proven them
 */
export function refreshRegion(
  state: RegionState,
  policy: Policy,
  nowMs: number,
  bounds: 'proof' | 'none' = 'proof',
): void {
  state.model = callModelFrom(state.sums, policy.calls);
  if (state.isPoolOutdated) {
    const offered = [...state.tracks].filter((track) => isOffered(track));
    if (bounds === 'proof') boundClaims(state, offered, policy, nowMs);
    state.pool = offered.length === 0 ? undefined : createNodePool(offered);
    state.capacityMbps = offered.reduce((sum, { node }) => sum + node.capacityMbps, 0);
    state.isPoolOutdated = false;
  }
  const offered = state.pool?.members ?? [];
  const plausible = offered.filter(({ doubt }) => doubt === undefined);
  const awaiting = offered.filter(({ awaitsAverage }) => awaitsAverage);
  if (awaiting.length > 0) {
    const meanLoad = averageLoad(plausible, state.model, nowMs);
    for (const track of awaiting) startFrom(track, meanLoad * track.node.capacityMbps, state.model, nowMs);
  }
  // If no node is plausible, the load is estimated from all nodes, because there are no other figures.
  state.load =
    plausible.length > 0
      ? regionLoad(plausible, state.model, policy.load, nowMs)
      : averageLoad(offered, state.model, nowMs);
  compareTracks(state, offered, nowMs);
}

/** Bounds the claims of all nodes by the claims of the nodes that take calls. */
function boundClaims(state: RegionState, offered: readonly NodeTrack[], policy: Policy, nowMs: number): void {
  const claims = offered.map(({ node }) => node.claimedMbps);
  const usualMbps = usualCapacityMbps(claims, defaultCapacityMbps(state.region, policy));
  state.unprovenMbps = usualMbps * policy.capacity.unprovenTimesMedian;
  for (const track of state.tracks) {
    const { node, provenMbps } = track;
    const countedMbps = countedCapacityMbps(node.claimedMbps, state.unprovenMbps, provenMbps);
    if (countedMbps * node.trustedShare === node.capacityMbps) continue;
    const bounded = boundsAt(track, state.unprovenMbps, state.model, nowMs);
    rereadReport(track, relayNodeFromReport(node, policy, bounded, node.exclusion), state.model, nowMs);
  }
}

/** Computes the figures to which reports and nodes are compared. */
function compareTracks(state: RegionState, offered: readonly NodeTrack[], nowMs: number): void {
  let carriedMbps = 0;
  let broughtMbps = 0;
  let trusted = 0;
  let trustedMbps = 0;
  let trustedBroughtMbps = 0;
  for (const track of offered) {
    carriedMbps += track.carriedMbps;
    broughtMbps += track.broughtMbps;
    if (!isTrusted(track)) continue;
    trusted += 1;
    trustedMbps += track.ownMbps;
    trustedBroughtMbps += track.broughtMbps;
  }
  state.usualRatio = trustedBroughtMbps === 0 ? 1 : trustedMbps / trustedBroughtMbps;
  state.usualPart = broughtMbps === 0 ? 1 : carriedMbps / broughtMbps;
  state.trustedLoad = 0;
  // If all nodes are trusted, nobody needs the mean. If none is, all count the same.
  if (trusted === offered.length) return;
  for (const track of offered) {
    if (isTrusted(track)) state.trustedLoad += loadAt(track, state.model, nowMs) / trusted;
  }
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
