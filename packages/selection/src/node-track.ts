import type { CallModel, ReportInterval } from './call-model.ts';
import { cautiousLoad, estimateWorkMbps, type WorkSinceReport } from './estimate-load.ts';
import { takesCalls, type RelayNode } from './relay-node.ts';

/** Why a node's reports cannot be true. */
export type DoubtReason = 'unmoved' | 'beyond_capacity';

/** One node through time: its last report, and what was given to it since. */
export type NodeTrack = {
  node: RelayNode;
  reportAtMs: number;
  /** Where estimates start from: the last report that could be believed, or when the node came under doubt, its region's average. */
  baseMbps: number;
  baseAtMs: number;
  /** Credentials since `baseAtMs` whose calls have not ended, as of `issuedAtMs`; the peers' by their number included. */
  runningCredentials: number;
  issuedAtMs: number;
  /** Credentials since the last report, and since the figures last moved; the peers' by their number included. */
  credentials: number;
  credentialsSinceMove: number;
  /** Reports in a row that repeated the figures before them. */
  repeats: number;
  doubt: DoubtReason | undefined;
  /** Whether estimates still have to start from the region's average, now that the node is doubted. */
  awaitsAverage: boolean;
};

/**
 * Reports that must repeat the same figures, and the calls that must have come meanwhile, before a node is doubted. With ten calls come and
 * ten gone a count repeats itself by chance once in 11 reports, so a node that counts whole calls and nothing else is doubted wrongly, and
 * harmlessly, once in some hundred reports.
 */
const repeatsUntilDoubted = 2;
const callsUntilDoubted = 10;
/** No interface carries twice what it can: beyond that the capacity is wrong, or the figure. */
const believableUse = 2;

export function createNodeTrack(node: RelayNode, nowMs: number): NodeTrack {
  const doubt = doubtAtSight(node);
  return {
    node,
    reportAtMs: nowMs,
    baseMbps: workOf(node),
    baseAtMs: nowMs,
    runningCredentials: 0,
    issuedAtMs: nowMs,
    credentials: 0,
    credentialsSinceMove: 0,
    repeats: 0,
    doubt,
    awaitsAverage: doubt !== undefined,
  };
}

/**
 * Takes in the node's next report.
 *
 * A report that repeats the figures before it tells nothing: what was issued goes on counting from the last one that moved. A node that
 * goes on repeating them although it gets calls is doubted until they move.
 *
 * @returns what happened since the report before, to learn from; undefined when the node is not to be believed
 */
export function takeReport(
  track: NodeTrack,
  node: RelayNode,
  { credentialMbps, callMbps }: CallModel,
  nowMs: number,
): ReportInterval | undefined {
  const before = track.node;
  const wasDoubted = track.doubt !== undefined;
  const interval = intervalBetween(track, before, node, nowMs);
  track.node = node;
  track.reportAtMs = nowMs;
  track.credentials = 0;

  const hasMoved = figuresMoved(before, node);
  track.repeats = hasMoved ? 0 : track.repeats + 1;
  if (hasMoved) track.credentialsSinceMove = 0;
  const callsGiven = (track.credentialsSinceMove * credentialMbps) / callMbps;
  const isUnmoved = track.repeats >= repeatsUntilDoubted && callsGiven >= callsUntilDoubted;
  const keptDoubt = hasMoved ? undefined : track.doubt;
  track.doubt = doubtAtSight(node) ?? (isUnmoved ? 'unmoved' : keptDoubt);

  if (track.doubt !== undefined) {
    track.awaitsAverage ||= !wasDoubted;
    return undefined;
  }
  if (hasMoved) startFrom(track, workOf(node), nowMs);
  return wasDoubted ? undefined : interval;
}

/** Lets estimates start anew from this work. */
export function startFrom(track: NodeTrack, workMbps: number, nowMs: number): void {
  track.baseMbps = workMbps;
  track.baseAtMs = nowMs;
  track.runningCredentials = 0;
  track.issuedAtMs = nowMs;
  track.awaitsAverage = false;
}

/** Takes the same report as another policy reads it (other weights, another capacity where it names none), or with another trusted share. */
export function useNode(track: NodeTrack, node: RelayNode, nowMs: number): void {
  const before = track.node;
  track.node = node;
  const wasBeyond = track.doubt === 'beyond_capacity';
  const isBeyond = doubtAtSight(node) !== undefined;
  if (isBeyond !== wasBeyond) {
    track.doubt = doubtAtSight(node);
    if (isBeyond) track.awaitsAverage = true;
    else startFrom(track, workOf(node), nowMs);
  } else if (track.doubt === undefined) {
    track.baseMbps = workOf(before) > 0 ? (track.baseMbps * workOf(node)) / workOf(before) : workOf(node);
  }
}

/** Counts credentials that were given to the node, in this router's share of an answer × the number of routers. */
export function countIssuedTo(track: NodeTrack, credentials: number, meanCallMs: number, nowMs: number): void {
  track.runningCredentials = runningCredentialsAt(track, meanCallMs, nowMs) + credentials;
  track.issuedAtMs = nowMs;
  track.credentials += credentials;
  track.credentialsSinceMove += credentials;
}

export function workAt(track: NodeTrack, model: CallModel, nowMs: number): number {
  return estimateWorkMbps(workSinceReport(track, model, nowMs), model.meanCallMs);
}

export function loadAt(track: NodeTrack, model: CallModel, nowMs: number): number {
  return cautiousLoad(workSinceReport(track, model, nowMs), track.node.capacityMbps, model);
}

export function isOffered(track: NodeTrack): boolean {
  return takesCalls(track.node);
}

export function workOf({ reportedLoad, capacityMbps }: RelayNode): number {
  return reportedLoad * capacityMbps;
}

/** Work issued since estimates started that has not ended. */
export function issuedMbpsAt(track: NodeTrack, model: CallModel, nowMs: number): number {
  return runningCredentialsAt(track, model.meanCallMs, nowMs) * model.credentialMbps;
}

/** The part of the reported work that has not ended by now, 0 to 1. */
export function reportedPartLeft({ baseAtMs }: NodeTrack, { meanCallMs }: CallModel, nowMs: number): number {
  return Math.exp((baseAtMs - nowMs) / meanCallMs);
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
  return runningCredentials === 0 ? 0 : runningCredentials * Math.exp((issuedAtMs - nowMs) / meanCallMs);
}

function intervalBetween(track: NodeTrack, before: RelayNode, after: RelayNode, nowMs: number): ReportInterval {
  return {
    durationMs: nowMs - track.reportAtMs,
    workBeforeMbps: workOf(before),
    workAfterMbps: workOf(after),
    credentials: track.credentials,
    allocations: countedAllocations(before, after),
  };
}

function countedAllocations(
  { report: before }: RelayNode,
  { report: after }: RelayNode,
): ReportInterval['allocations'] {
  const { allocations_started: startedBefore, allocations: liveBefore } = before;
  const { allocations_started: startedAfter, allocations: liveAfter } = after;
  if (
    startedBefore === undefined ||
    startedAfter === undefined ||
    liveBefore === undefined ||
    liveAfter === undefined
  ) {
    return undefined;
  }
  // A reporter that started anew counts from 0 again.
  if (before.boot_id !== after.boot_id || startedAfter < startedBefore) return undefined;
  return { before: liveBefore, after: liveAfter, started: startedAfter - startedBefore };
}

function figuresMoved(before: RelayNode, after: RelayNode): boolean {
  return (
    before.cpu !== after.cpu ||
    before.bandwidthMbps !== after.bandwidthMbps ||
    before.capacityMbps !== after.capacityMbps ||
    before.report.allocations !== after.report.allocations
  );
}

function doubtAtSight({ bandwidthMbps, capacityMbps }: RelayNode): DoubtReason | undefined {
  return bandwidthMbps > believableUse * capacityMbps ? 'beyond_capacity' : undefined;
}
