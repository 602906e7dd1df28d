import type { DoubtedNode, ExcludedNode, NodeStatus, RegionStatus, UnprovenNodes } from './balancer-status.ts';
import { workAt, type NodeTrack } from './node-track.ts';
import type { RegionState } from './region-state.ts';

type TrackedNode = { readonly track: NodeTrack; readonly state: RegionState };

export function regionStatusOf({ region, load, pool, capacityMbps, model }: RegionState): RegionStatus {
  return {
    region,
    load,
    nodes: pool?.members.length ?? 0,
    capacityMbps,
    meanCallSeconds: model.meanCallMs / 1000,
    mbpsPerCredential: model.credentialMbps,
  };
}

export function nodeStatusAt({ track, state }: TrackedNode, nowMs: number): NodeStatus {
  const { capacityMbps } = track.node;
  return {
    capacityMbps,
    estimatedLoad: workAt(track, state.model, nowMs) / capacityMbps,
    reportAgeMs: nowMs - track.reportAtMs,
    doubt: track.doubt,
    exclusion: track.node.exclusion,
    unproven: unprovenReason(track),
  };
}

/** Lists the nodes whose last reports are implausible. */
export function doubtedNodes(entries: Iterable<TrackedNode>): DoubtedNode[] {
  const doubted: DoubtedNode[] = [];
  for (const { track } of entries) {
    if (track.doubt !== undefined) doubted.push({ name: track.node.name, reason: track.doubt });
  }
  return doubted;
}

/** Lists the nodes that get no calls, whatever their health. */
export function excludedNodes(entries: Iterable<TrackedNode>): ExcludedNode[] {
  const excluded: ExcludedNode[] = [];
  for (const { track } of entries) {
    const { name, exclusion, report } = track.node;
    if (exclusion !== undefined) excluded.push({ name, reason: exclusion, report });
  }
  return excluded;
}

export function unprovenNodes(entries: Iterable<TrackedNode>): UnprovenNodes {
  const counts = { unproven_capacity: 0, unproven_load: 0 };
  for (const { track } of entries) {
    const reason = unprovenReason(track);
    if (reason !== undefined) counts[reason] += 1;
  }
  return counts;
}

function unprovenReason({ node, doubt, drawShare }: NodeTrack): NodeStatus['unproven'] {
  if (doubt !== undefined) return undefined;
  if (drawShare < 1) return 'unproven_load';
  return node.isUnproven ? 'unproven_capacity' : undefined;
}
