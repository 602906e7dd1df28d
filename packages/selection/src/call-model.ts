import type { Policy } from '@turn-router/contract/policy';
import type { CallFigures } from './estimate-load.ts';

/** What happened at one node between two of its reports. */
export type ReportInterval = {
  readonly durationMs: number;
  /** Work, Mbit/s, at its beginning and end. */
  readonly workBeforeMbps: number;
  readonly workAfterMbps: number;
  /** Credentials issued for the node, those of the other routers by their number included. */
  readonly credentials: number;
  /** Of a node that counts them. */
  readonly allocations?: { readonly before: number; readonly after: number; readonly started: number } | undefined;
};

/** What one region's calls are like, learnt from its nodes' reports. */
export type CallModel = CallFigures & {
  /**
   * Work that one credential brings, Mbit/s: yield (credentials that become allocations, for instance one in five) × work of a call.
   */
  readonly credentialMbps: number;
};

/** Sums over the intervals of the last minutes, the older the less. */
export type CallRecord = {
  atMs: number;
  credentials: number;
  workDeltaMbps: number;
  workMbpsMs: number;
  ended: number;
  allocationMs: number;
  countedWorkMbpsMs: number;
};

/** Memory of what was learnt: after this time a report counts 1/e. Longer: steadier, slower to follow a changed application. */
const memoryMs = 10 * 60_000;
/** What the policy's assumption weighs, in calls or credentials. */
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

/** One credential serves a few peers at most: work beyond that came by credentials that this router and its peers did not issue. */
const callsPerCredentialMax = 8;

/**
 * Little's law, twice. Calls: mean length = call-time ÷ calls ended. Work: what came = what ended + what the work grew by, so
 * work per credential = (Σ work × time ÷ mean length + Σ growth) ÷ Σ credentials.
 */
export function callModelFrom(record: CallRecord, { meanSeconds, bandwidthMbps }: Policy['calls']): CallModel {
  const assumedMs = meanSeconds * 1000;
  const meanCallMs = (record.allocationMs + assumptionWeight * assumedMs) / (record.ended + assumptionWeight);
  const cameMbps = Math.max(0, record.workMbpsMs / meanCallMs + record.workDeltaMbps);
  const perCredentialMbps = (cameMbps + assumptionWeight * bandwidthMbps) / (record.credentials + assumptionWeight);

  const isCounted = record.allocationMs > 0 && record.countedWorkMbpsMs > 0;
  const countedMbps = isCounted ? record.countedWorkMbpsMs / record.allocationMs : undefined;
  const credentialMbps = Math.min(perCredentialMbps, callsPerCredentialMax * (countedMbps ?? bandwidthMbps));
  // Without counted allocations a credential is taken for a call.
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
