import { setImmediate } from 'node:timers/promises';
import type { DataSection } from './data-section.ts';
import { MmdbFault } from './mmdb-fault.ts';
import type { SearchTree } from './search-tree.ts';

/** Steps between two turns of the event loop: a few milliseconds of work. */
const stepsPerTurn = 10_000;
/** Length of the zero bytes between the search tree and the data section. */
export const separatorBytes = 16;
const openState = 1;
const doneState = 2;

/** A node on the path from the root, and the next of its two records to follow (2: none left). */
type Step = { readonly node: number; next: 0 | 1 | 2 };

/**
 * Walks the whole search tree and checks the data of every leaf, so no later lookup can reach a damaged part.
 *
 * @returns the lowest address (4 or 16 bytes) of the first, second, fourth, eighth … leaf, as samples for real lookups
 * @throws MmdbFault
 */
export async function checkSearchTree(tree: SearchTree, data: DataSection): Promise<number[][]> {
  const samples: number[][] = [];
  const state = new Uint8Array(tree.nodeCount);
  const path: Step[] = [{ node: 0, next: 0 }];
  let leaves = 0;
  state[0] = openState;
  for (let turn = 1, step = path.at(-1); step !== undefined; step = path.at(-1), turn++) {
    if (turn % stepsPerTurn === 0) await setImmediate();
    if (step.next === 2) {
      state[step.node] = doneState;
      path.pop();
      continue;
    }
    const target = tree.follow(step.node, step.next);
    step.next = step.next === 0 ? 1 : 2;
    if (target > tree.nodeCount) {
      if (target < tree.nodeCount + separatorBytes)
        throw new MmdbFault('has a search tree that points between tree and data');
      data.checkRecord(target - tree.nodeCount - separatorBytes);
      leaves++;
      if (Number.isInteger(Math.log2(leaves))) samples.push(addressOf(path, tree.depth));
    } else if (target < tree.nodeCount && state[target] !== doneState) {
      if (state[target] === openState) throw new MmdbFault('has a cyclic search tree: a node is its own descendant');
      if (path.length === tree.depth)
        throw new MmdbFault(`has a search tree deeper than the ${tree.depth} bits of an address`);
      state[target] = openState;
      path.push({ node: target, next: 0 });
    }
  }
  return samples;
}

/** Returns the address whose leading bits are the branches on the path. */
function addressOf(path: readonly Step[], bits: number): number[] {
  const digits = path
    .map((step) => step.next - 1)
    .join('')
    .padEnd(bits, '0');
  return Array.from({ length: bits / 8 }, (_, i) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 2));
}
