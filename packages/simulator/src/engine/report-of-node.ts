import type { NodeReport } from '@turn-router/contract/registry';
import type { SimulatedNode } from './world.ts';

/** What a node measures of itself. */
export type SimulatedNodeState = {
  readonly cpuPercent: number;
  readonly loadMbps: number;
  readonly calls: number;
  readonly callsStarted: number;
};

/** The CPU rises with the load; a capacity is what operators configured, so a load may be beyond it, but a CPU ends at 100 %. */
export function stateOfNode({ loadMbps, capacityMbps, calls, callsStarted }: SimulatedNode): SimulatedNodeState {
  return { cpuPercent: Math.min(100, (100 * loadMbps) / capacityMbps), loadMbps, calls, callsStarted };
}

/** @param counters what a full report says more than a minimal one; undefined for a minimal one */
export function reportOfNode(
  { index, capacityMbps, boots }: SimulatedNode,
  { cpuPercent, loadMbps, calls, callsStarted }: SimulatedNodeState,
  counters: { readonly seq: number } | undefined,
): NodeReport {
  return {
    status: 'healthy',
    cpu: cpuPercent,
    bandwidth_mbps: loadMbps,
    bandwidth_capacity_mbps: capacityMbps,
    // 198.18.0.0/15 is for tests of networks (RFC 2544 appendix C.2.2).
    public_ip: `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    port: 3478,
    ...(counters === undefined
      ? {}
      : { allocations: calls, allocations_started: callsStarted, boot_id: `boot-${boots}`, seq: counters.seq }),
  };
}
