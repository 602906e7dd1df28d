import type { SimulatedNode, SimulatedWorld } from '../engine/world.ts';

/** Length of the windows in which issued credentials are counted. */
export const windowSeconds = 5;

/** Counts the credentials issued in one window. */
export interface IssueWindow {
  readonly count: (homeRegion: string, node: SimulatedNode) => void;
  readonly toNode: (node: SimulatedNode) => number;
  /** Credentials for all nodes of a region. */
  readonly toRegion: (region: string) => number;
  /** Credentials for callers of a region, for nodes of any region. */
  readonly fromRegion: (region: string) => number;
  readonly between: (from: string, to: string) => number;
  readonly reset: () => void;
}

export function createIssueWindow({ nodes, regions }: SimulatedWorld): IssueWindow {
  const indexes = new Map([...regions.keys()].map((name, index) => [name, index]));
  const size = indexes.size;
  const perNode = new Uint32Array(nodes.length);
  /** Row: home region; column: region of the node. */
  const perRegionPair = new Uint32Array(size * size);
  const cell = (from: string, to: string) => (indexes.get(from) ?? 0) * size + (indexes.get(to) ?? 0);

  const between = (from: string, to: string) => perRegionPair[cell(from, to)] ?? 0;
  const sumOver = (count: (other: string) => number) => {
    let sum = 0;
    for (const name of indexes.keys()) sum += count(name);
    return sum;
  };
  return {
    count: (homeRegion, node) => {
      perNode[node.index] = (perNode[node.index] ?? 0) + 1;
      const pair = cell(homeRegion, node.region.name);
      perRegionPair[pair] = (perRegionPair[pair] ?? 0) + 1;
    },
    toNode: ({ index }) => perNode[index] ?? 0,
    toRegion: (region) => sumOver((from) => between(from, region)),
    fromRegion: (region) => sumOver((to) => between(region, to)),
    between,
    reset: () => {
      perNode.fill(0);
      perRegionPair.fill(0);
    },
  };
}
