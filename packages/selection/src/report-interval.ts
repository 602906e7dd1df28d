import type { ReportInterval } from './call-model.ts';
import { workOf, type RelayNode } from './relay-node.ts';

/** The interval between two reports of a node, for the call model. */
export function intervalBetween(
  before: RelayNode,
  after: RelayNode,
  durationMs: number,
  credentials: number,
  callMbps: number,
): ReportInterval {
  return {
    durationMs,
    workBeforeMbps: workOf(before),
    workAfterMbps: workOf(after),
    credentials,
    allocations: countedAllocations(before, after, callMbps),
  };
}

/** If a node reports more allocations than fit into its capacity with this part of the bandwidth of a call, its count is ignored. */
const allocationMinPart = 1 / 50;

function countedAllocations(
  { report: before }: RelayNode,
  { report: after, capacityMbps }: RelayNode,
  callMbps: number,
): ReportInterval['allocations'] {
  const { allocations_started: startedBefore, allocations: liveBefore } = before;
  const { allocations_started: startedAfter, allocations: liveAfter } = after;
  if (
    startedBefore === undefined ||
    startedAfter === undefined ||
    liveBefore === undefined ||
    liveAfter === undefined ||
    Math.max(liveBefore, liveAfter) * allocationMinPart * callMbps > capacityMbps
  ) {
    return undefined;
  }
  // A restarted reporter counts from 0 again.
  if (before.boot_id !== after.boot_id || startedAfter < startedBefore) return undefined;
  return { before: liveBefore, after: liveAfter, started: startedAfter - startedBefore };
}
