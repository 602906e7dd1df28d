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
export type CallRecord = {
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

export function createCallRecord(nowMs: number): CallRecord {
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

export function recordInterval(record: CallRecord, interval: ReportInterval, nowMs: number): void {
  fade(record, nowMs);
  const { durationMs, workBeforeMbps, workAfterMbps, allocations } = interval;
  const workMbpsMs = ((workBeforeMbps + workAfterMbps) / 2) * durationMs;
  record.credentials += interval.credentials;
  record.workDeltaMbps += workAfterMbps - workBeforeMbps;
  record.workMbpsMs += workMbpsMs;
  if (allocations === undefined) return;
  record.ended += Math.max(0, allocations.started - (allocations.after - allocations.before));
  record.allocationMs += ((allocations.before + allocations.after) / 2) * durationMs;
  record.countedWorkMbpsMs += workMbpsMs;
}

/** Maximum number of calls per credential. One credential is enough for a few peers only. Additional work comes from credentials that neither this
 * router nor its peers issued. */
const callsPerCredentialMax = 8;

/**
 * Applies Little's law twice, to calls and to work:
 *
 * mean length = Σ time that calls spent on the nodes ÷ Σ calls ended
 *
 * work per credential = (Σ work × time ÷ mean length + Σ growth of work) ÷ Σ credentials, because new work = ended work + growth
 */
export function callModelFrom(record: CallRecord, { meanSeconds, bandwidthMbps }: Policy['calls']): CallModel {
  const assumedMs = meanSeconds * 1000;
  const meanCallMs = (record.allocationMs + assumptionWeight * assumedMs) / (record.ended + assumptionWeight);
  const newMbps = Math.max(0, record.workMbpsMs / meanCallMs + record.workDeltaMbps);
  const perCredentialMbps = (newMbps + assumptionWeight * bandwidthMbps) / (record.credentials + assumptionWeight);

  const isCounted = record.allocationMs > 0 && record.countedWorkMbpsMs > 0;
  const countedMbps = isCounted ? record.countedWorkMbpsMs / record.allocationMs : undefined;
  const credentialMbps = Math.min(perCredentialMbps, callsPerCredentialMax * (countedMbps ?? bandwidthMbps));
  // Without counted allocations, one credential counts as one call.
  return { meanCallMs, callMbps: countedMbps ?? credentialMbps, credentialMbps };
}

function fade(record: CallRecord, nowMs: number): void {
  const kept = Math.exp((record.atMs - nowMs) / memoryMs);
  record.atMs = nowMs;
  record.credentials *= kept;
  record.workDeltaMbps *= kept;
  record.workMbpsMs *= kept;
  record.ended *= kept;
  record.allocationMs *= kept;
  record.countedWorkMbpsMs *= kept;
}
