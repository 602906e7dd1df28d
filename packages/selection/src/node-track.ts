import type { CallModel, ReportInterval } from './call-model.ts';
import { doubtedDrawShare } from './earned-capacity.ts';
import { cautiousLoad, estimateWorkMbps, partLeft, type WorkSinceReport } from './estimate-load.ts';
import { compareWithCredentials, type NodeProof, type RegionFigures } from './node-proof.ts';
import { takesCalls, workOf, type RelayNode } from './relay-node.ts';
import { intervalBetween } from './report-interval.ts';

/** The reason why a node's reports are implausible. */
export type DoubtReason = 'unmoved' | 'beyond_capacity';

/** One node over time: its last report, and the credentials issued for it since its figures last changed (`baseAtMs`). */
export type NodeTrack = NodeProof & {
  node: RelayNode;
  reportAtMs: number;
  /** Start value of the estimates: the work of the last plausible report. If the node is implausible: the region's average when it became so. */
  baseMbps: number;
  baseAtMs: number;
  /** Credentials since `baseAtMs` whose calls had not ended at `issuedAtMs`. The credentials of the other routers are estimated from the number of routers. */
  runningCredentials: number;
  /** Credentials before `baseAtMs` whose calls had not ended at `issuedAtMs`. */
  earlierCredentials: number;
  issuedAtMs: number;
  /** Credentials since the last report. The credentials of the other routers are estimated from the number of routers. */
  credentials: number;
  /** Credentials since the reported figures last changed. The credentials of the other routers are estimated from the number of routers. */
  credentialsSinceChange: number;
  /** Consecutive reports with unchanged figures. */
  repeats: number;
  doubt: DoubtReason | undefined;
  /** Whether the estimates of a newly implausible node still have to start from the region's average. */
  awaitsAverage: boolean;
};

/**
 * A node is implausible if it sends this number of reports with unchanged figures, and gets this number of calls meanwhile. If ten calls start
 * and ten calls end, a count stays the same by chance once in 11 reports. So a node whose only figure is the number of calls is wrongly found
 * implausible about once in a hundred reports. This does no harm.
 */
const repeatsUntilDoubted = 2;
const callsUntilDoubted = 10;
/** After this number of unchanged reports it is no longer chance. Then the node also loses weight. */
const repeatsUntilLighter = 4;
/** @param provenMbps the capacity that the node has proven before */
export function createNodeTrack(node: RelayNode, nowMs: number, provenMbps = 0): NodeTrack {
  const doubt = doubtFromCapacity(node);
  // One literal, without spread properties. Otherwise the object is ten times slower in V8.
  return {
    node,
    reportAtMs: nowMs,
    baseMbps: workOf(node),
    baseAtMs: nowMs,
    runningCredentials: 0,
    earlierCredentials: 0,
    issuedAtMs: nowMs,
    credentials: 0,
    credentialsSinceChange: 0,
    repeats: 0,
    doubt,
    awaitsAverage: doubt !== undefined,
    provenMbps,
    inheritedMbps: node.reportedMbps,
    firstSeenMs: nowMs,
    broughtMbps: 0,
    carriedMbps: 0,
    ownMbps: 0,
    drawShare: doubt === undefined ? 1 : doubtedDrawShare,
  };
}

/**
 * Applies the node's next report.
 *
 * A report with unchanged figures contains no new information. So the issued work since the last report with changed figures still counts. If the
 * figures stay unchanged although the node gets calls, the node is implausible until the figures change.
 *
 * @returns the interval since the previous report, for the call model. Undefined if this or the previous report is implausible or unproven
 */
export function takeReport(
  track: NodeTrack,
  node: RelayNode,
  figures: RegionFigures,
  nowMs: number,
): ReportInterval | undefined {
  const { credentialMbps, callMbps } = figures.model;
  const before = track.node;
  const wasTrusted = isTrusted(track);
  const wasDoubted = track.doubt !== undefined;
  const elapsedMs = nowMs - track.reportAtMs;
  const interval = intervalBetween(before, node, elapsedMs, track.credentials, callMbps);
  track.node = node;
  track.reportAtMs = nowMs;
  track.credentials = 0;

  const hasChanged = figuresChanged(before, node);
  track.repeats = hasChanged ? 0 : track.repeats + 1;
  if (hasChanged) track.credentialsSinceChange = 0;
  const callsGiven = (track.credentialsSinceChange * credentialMbps) / callMbps;
  const isStuck = track.repeats >= repeatsUntilDoubted && callsGiven >= callsUntilDoubted;
  const keptDoubt = hasChanged ? undefined : track.doubt;
  track.doubt = doubtFromCapacity(node) ?? (isStuck ? 'unmoved' : keptDoubt);
  const broughtMbps = broughtMbpsAt(track, figures.model, nowMs);
  const isChance = track.doubt === 'unmoved' && track.repeats < repeatsUntilLighter;
  compareWithCredentials(track, node, { doubt: track.doubt, isChance }, { broughtMbps, elapsedMs, nowMs }, figures);

  if (track.doubt !== undefined) {
    track.awaitsAverage ||= !wasDoubted;
    return undefined;
  }
  if (hasChanged) startFrom(track, workOf(node), figures.model, nowMs);
  return wasTrusted && isTrusted(track) ? interval : undefined;
}

/** Restarts the estimates from this work. */
export function startFrom(track: NodeTrack, workMbps: number, { meanCallMs }: CallModel, nowMs: number): void {
  track.baseMbps = workMbps;
  track.baseAtMs = nowMs;
  track.earlierCredentials = partLeft(track.issuedAtMs, meanCallMs, nowMs) * allCredentials(track);
  track.runningCredentials = 0;
  track.issuedAtMs = nowMs;
  track.awaitsAverage = false;
}

/** Applies a changed policy or trusted share to the same report. The policy's weights and default capacity change the node's figures. */
export function rereadReport(track: NodeTrack, node: RelayNode, model: CallModel, nowMs: number): void {
  const before = track.node;
  track.node = node;
  const wasBeyond = track.doubt === 'beyond_capacity';
  const isBeyond = doubtFromCapacity(node) !== undefined;
  if (isBeyond !== wasBeyond) {
    track.doubt = doubtFromCapacity(node);
    if (isBeyond) track.awaitsAverage = true;
    else startFrom(track, workOf(node), model, nowMs);
    track.drawShare = isBeyond ? doubtedDrawShare : 1;
  } else if (track.doubt === undefined) {
    track.baseMbps = workOf(before) > 0 ? (track.baseMbps * workOf(node)) / workOf(before) : workOf(node);
  }
}

/** Counts credentials issued for the node. `credentials` is the part of the response for this node × the number of routers. */
export function countIssuedTo(track: NodeTrack, credentials: number, meanCallMs: number, nowMs: number): void {
  const left = partLeft(track.issuedAtMs, meanCallMs, nowMs);
  track.runningCredentials = track.runningCredentials * left + credentials;
  track.earlierCredentials *= left;
  track.issuedAtMs = nowMs;
  track.credentials += credentials;
  track.credentialsSinceChange += credentials;
}

export function workAt(track: NodeTrack, model: CallModel, nowMs: number): number {
  return estimateWorkMbps(workSinceReport(track, model, nowMs), model.meanCallMs);
}

export function loadAt(track: NodeTrack, model: CallModel, nowMs: number): number {
  return cautiousLoad(workSinceReport(track, model, nowMs), track.node.capacityMbps, model);
}

/** Whether the node may win a comparison by its own load. The load of an implausible node is the region's average already. */
export function mayWin({ node, doubt, drawShare }: NodeTrack): boolean {
  return !node.isUnproven && (drawShare === 1 || doubt !== undefined);
}

/** Whether the node claims no more than it has proven, and its reports match the credentials issued for it. */
export function isTrusted({ node, doubt, drawShare }: NodeTrack): boolean {
  return doubt === undefined && drawShare === 1 && !node.isUnproven;
}

export function isOffered(track: NodeTrack): boolean {
  return takesCalls(track.node);
}

/** Work that was issued since the start of the estimates and has not ended. */
export function issuedMbpsAt(track: NodeTrack, model: CallModel, nowMs: number): number {
  return runningCredentialsAt(track, model.meanCallMs, nowMs) * model.credentialMbps;
}

/** The part of the reported work that has not ended, 0 to 1. */
export function reportedPartLeft({ baseAtMs }: NodeTrack, { meanCallMs }: CallModel, nowMs: number): number {
  return partLeft(baseAtMs, meanCallMs, nowMs);
}

/** Work that all credentials issued for the node should have brought, without the calls that have ended. */
function broughtMbpsAt(track: NodeTrack, { meanCallMs, credentialMbps }: CallModel, nowMs: number): number {
  return allCredentials(track) * partLeft(track.issuedAtMs, meanCallMs, nowMs) * credentialMbps;
}

function allCredentials({ earlierCredentials, runningCredentials }: NodeTrack): number {
  return earlierCredentials + runningCredentials;
}

function workSinceReport(track: NodeTrack, model: CallModel, nowMs: number): WorkSinceReport {
  return {
    reportedMbps: track.baseMbps,
    reportAgeMs: nowMs - track.baseAtMs,
    issuedMbps: issuedMbpsAt(track, model, nowMs),
  };
}

function runningCredentialsAt(track: NodeTrack, meanCallMs: number, nowMs: number): number {
  const { runningCredentials, issuedAtMs } = track;
  return runningCredentials === 0 ? 0 : runningCredentials * partLeft(issuedAtMs, meanCallMs, nowMs);
}

function figuresChanged(before: RelayNode, after: RelayNode): boolean {
  return (
    before.cpu !== after.cpu ||
    before.reportedMbps !== after.reportedMbps ||
    before.claimedMbps !== after.claimedMbps ||
    before.report.allocations !== after.report.allocations
  );
}

function doubtFromCapacity({ isBeyondCapacity }: RelayNode): DoubtReason | undefined {
  return isBeyondCapacity ? 'beyond_capacity' : undefined;
}
