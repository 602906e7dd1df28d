import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { SimulatedNode, World } from './world.ts';

/** The node of a key; keys are the very objects of the world, in readings and in decisions. */
export function createNodeFinder({ nodes }: World): (key: NodeKey) => SimulatedNode {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return (key) => {
    const node = byKey.get(key);
    if (node === undefined) throw new RangeError(`No such node: ${nodeNameFromKey(key)}`);
    return node;
  };
}
