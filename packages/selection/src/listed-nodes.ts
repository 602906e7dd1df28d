import type { DoubtedNode, ExcludedNode } from './balancer-status.ts';
import type { NodeTrack } from './node-track.ts';

type Tracked = { readonly track: NodeTrack };

/** Lists the nodes whose last reports are implausible. */
export function doubtedNodes(entries: Iterable<Tracked>): DoubtedNode[] {
  const doubted: DoubtedNode[] = [];
  for (const { track } of entries) {
    if (track.doubt !== undefined) doubted.push({ name: track.node.name, reason: track.doubt });
  }
  return doubted;
}

/** Lists the nodes that get no calls, whatever their health. */
export function excludedNodes(entries: Iterable<Tracked>): ExcludedNode[] {
  const excluded: ExcludedNode[] = [];
  for (const { track } of entries) {
    const { name, exclusion, report } = track.node;
    if (exclusion !== undefined) excluded.push({ name, reason: exclusion, report });
  }
  return excluded;
}
