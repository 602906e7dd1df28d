import type { NodeReport } from '@turn-router/contract/registry';
import type { SimulatedNode } from './world.ts';

/** A node's measurements. */
export type SimulatedNodeState = {
  readonly cpuPercent: number;
  readonly loadMbps: number;
  readonly calls: number;
  readonly callsStarted: number;
  /** Default: the node's capacity. */
  readonly claimedMbps?: number;
};

/** The CPU rises with the load, up to 100 %. The load may exceed the capacity, because operators configure the capacity. */
export function stateOfNode({ loadMbps, capacityMbps, calls, callsStarted }: SimulatedNode): SimulatedNodeState {
  return { cpuPercent: Math.min(100, (100 * loadMbps) / capacityMbps), loadMbps, calls, callsStarted };
}

/** @param counters extra fields of a full report. Undefined for a minimal report */
export function reportOfNode(
  { index, capacityMbps, boots }: SimulatedNode,
  { cpuPercent, loadMbps, calls, callsStarted, claimedMbps = capacityMbps }: SimulatedNodeState,
  counters: { readonly seq: number } | undefined,
): NodeReport {
  return {
    status: 'healthy',
    cpu: cpuPercent,
    bandwidth_mbps: loadMbps,
    bandwidth_capacity_mbps: claimedMbps,
    // 198.18.0.0/15 is reserved for network tests (RFC 2544 appendix C.2.2).
    public_ip: `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    port: 3478,
    ...(counters === undefined
      ? {}
      : { allocations: calls, allocations_started: callsStarted, boot_id: `boot-${boots}`, seq: counters.seq }),
  };
}
