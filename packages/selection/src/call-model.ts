import type { Policy } from '@turn-router/contract/policy';
import type { CallFigures } from './estimate-load.ts';

/** The work, credentials and allocations of one node between two of its reports. */
export type ReportInterval = {
  readonly durationMs: number;
  /** Work at the start and end of the interval, Mbit/s. */
  readonly workBeforeMbps: number;
  readonly workAfterMbps: number;
  /** Credentials issued for the node by all routers. The credentials of other routers are estimated from the number of routers. */
  readonly credentials: number;
  /** Undefined if the node does not count its allocations. */
  readonly allocations?: { readonly before: number; readonly after: number; readonly started: number } | undefined;
};

/** The figures of one region's calls, estimated from the reports of its nodes. */
export type CallModel = CallFigures & {
  /**
   * Mean work per credential, Mbit/s: yield × work of a call. The yield is the part of credentials that become allocations, for example one in five.
   */
  readonly credentialMbps: number;
};

/** Sums over the intervals of the last minutes. Older intervals have a smaller weight. */
export type CallSums = {
  atMs: number;
  credentials: number;
  workDeltaMbps: number;
  workMbpsMs: number;
  ended: number;
  allocationMs: number;
  countedWorkMbpsMs: number;
};

/** Time constant of the sums. After this time, the weight of an interval is 1/e. With a longer time, the estimates are steadier, but follow a changed
 * application more slowly. */
const memoryMs = 10 * 60_000;
/** Weight of the policy's assumption: it counts as much as this number of calls or credentials. */
const assumptionWeight = 20;

export function createCallSums(nowMs: number): CallSums {
  return {
    atMs: nowMs,
    credentials: 0,
    workDeltaMbps: 0,
    workMbpsMs: 0,
    ended: 0,
    allocationMs: 0,
    countedWorkMbpsMs: 0,
  };
}

export function addInterval(sums: CallSums, interval: ReportInterval, nowMs: number): void {
  fade(sums, nowMs);
  const { durationMs, workBeforeMbps, workAfterMbps, allocations } = interval;
  const workMbpsMs = ((workBeforeMbps + workAfterMbps) / 2) * durationMs;
  sums.credentials += interval.credentials;
  sums.workDeltaMbps += workAfterMbps - workBeforeMbps;
  sums.workMbpsMs += workMbpsMs;
  if (allocations === undefined) return;
  sums.ended += Math.max(0, allocations.started - (allocations.after - allocations.before));
  sums.allocationMs += ((allocations.before + allocations.after) / 2) * durationMs;
  sums.countedWorkMbpsMs += workMbpsMs;
}

/** Maximum number of calls per credential. One credential is enough for a few calls only. Additional work comes from credentials that no
 * router of this fleet issued. */
const callsPerCredentialMax = 8;

/** Bounds of the estimates: the mean length of a call in ms, and the work of a call as a factor of the policy's assumption. Without them, one absurd
 * report would spoil the figures of its region for hours. */
const meanCallMinMs = 1_000;
const meanCallMaxMs = 86_400_000;
const callTimesAssumedMax = 50;

/**
 * Applies Little's law twice, to calls and to work:
 *
 * mean length = Σ time that calls spent on the nodes ÷ Σ calls ended
 *
 * work per credential = (Σ work × time ÷ mean length + Σ growth of work) ÷ Σ credentials, because new work = ended work + growth
 */
export function callModelFrom(sums: CallSums, { meanSeconds, bandwidthMbps }: Policy['calls']): CallModel {
  const assumedMs = meanSeconds * 1000;
  const countedMs = (sums.allocationMs + assumptionWeight * assumedMs) / (sums.ended + assumptionWeight);
  const meanCallMs = Math.min(meanCallMaxMs, Math.max(meanCallMinMs, countedMs));
  const newMbps = Math.max(0, sums.workMbpsMs / meanCallMs + sums.workDeltaMbps);
  const perCredentialMbps = (newMbps + assumptionWeight * bandwidthMbps) / (sums.credentials + assumptionWeight);

  const isCounted = sums.allocationMs > 0 && sums.countedWorkMbpsMs > 0;
  const countedMbps = isCounted
    ? Math.min(callTimesAssumedMax * bandwidthMbps, sums.countedWorkMbpsMs / sums.allocationMs)
    : undefined;
  const credentialMbps = Math.min(perCredentialMbps, callsPerCredentialMax * (countedMbps ?? bandwidthMbps));
  // Without counted allocations, one credential counts as one call.
  return { meanCallMs, callMbps: countedMbps ?? credentialMbps, credentialMbps };
}

function fade(sums: CallSums, nowMs: number): void {
  const kept = Math.exp((sums.atMs - nowMs) / memoryMs);
  sums.atMs = nowMs;
  sums.credentials *= kept;
  sums.workDeltaMbps *= kept;
  sums.workMbpsMs *= kept;
  sums.ended *= kept;
  sums.allocationMs *= kept;
  sums.countedWorkMbpsMs *= kept;
}
