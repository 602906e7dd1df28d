import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { Scenario } from '../scenario/scenario.ts';

/** The true state of a node. */
export type SimulatedNode = {
  /** Index in `world.nodes`. */
  readonly index: number;
  readonly key: NodeKey;
  readonly region: SimulatedRegion;
  readonly capacityMbps: number;
  isUp: boolean;
  /** How many times the node has started. Calls that began before the last start have ended. */
  boots: number;
  loadMbps: number;
  calls: number;
  /** Calls started since the node's last start. */
  callsStarted: number;
};

export type SimulatedRegion = {
  readonly name: string;
  readonly nodes: SimulatedNode[];
};

export type SimulatedWorld = {
  readonly regions: ReadonlyMap<string, SimulatedRegion>;
  readonly nodes: readonly SimulatedNode[];
};

/** Creates all nodes of the scenario. Nodes that join later are not running yet. */
export function createWorld({ regions, events }: Pick<Scenario, 'regions' | 'events'>): SimulatedWorld {
  const world = { regions: new Map<string, SimulatedRegion>(), nodes: new Array<SimulatedNode>() };
  for (const [name, { nodes: groups }] of Object.entries(regions)) {
    const region: SimulatedRegion = { name, nodes: [] };
    world.regions.set(name, region);
    for (const { count, capacityMbps } of groups) {
      for (let left = count; left > 0; left -= 1) addNode(world.nodes, region, capacityMbps, true);
    }
    for (const event of events) {
      if (event.type === 'node-joins' && event.region === name) addNode(world.nodes, region, event.capacityMbps, false);
    }
  }
  return world;
}

function addNode(nodes: SimulatedNode[], region: SimulatedRegion, capacityMbps: number, isUp: boolean): void {
  const node: SimulatedNode = {
    index: nodes.length,
    key: { region: region.name, id: `node-${region.nodes.length + 1}` },
    region,
    capacityMbps,
    isUp,
    boots: 1,
    loadMbps: 0,
    calls: 0,
    callsStarted: 0,
  };
  region.nodes.push(node);
  nodes.push(node);
}

/** Total capacity of a region's running nodes, Mbit/s. */
export function runningCapacityMbps({ nodes }: SimulatedRegion): number {
  return nodes.reduce((sum, { isUp, capacityMbps }) => (isUp ? sum + capacityMbps : sum), 0);
}

export function crashNode(node: SimulatedNode): void {
  node.isUp = false;
  node.loadMbps = 0;
  node.calls = 0;
  node.callsStarted = 0;
  node.boots += 1;
}

/** Finds a node by its key. Readings and decisions must use the key objects of this world, because keys are compared by object identity. */
export function createNodeFinder({ nodes }: SimulatedWorld): (key: NodeKey) => SimulatedNode {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return (key) => {
    const node = byKey.get(key);
    if (node === undefined)
      throw new RangeError(`Unknown node ${nodeNameFromKey(key)}: expected a node key that this simulation created`);
    return node;
  };
}
