import { setImmediate } from 'node:timers/promises';
import type { DataSection } from './data-section.ts';
import { MmdbFault } from './mmdb-fault.ts';
import type { SearchTree } from './search-tree.ts';

/** A few milliseconds of work; the event loop gets its turn in between. */
const stepsPerTurn = 10_000;
/** Of zeros, between the search tree and the data section. */
export const separatorBytes = 16;
const openState = 1;
const doneState = 2;

/** A node on the way from the root, and which of its two records comes next (2: neither). */
type Step = { readonly node: number; next: 0 | 1 | 2 };

/**
 * Walks the whole search tree and checks the data behind every leaf, so that no lookup can run into a broken corner later.
 *
 * @returns the lowest address (4 or 16 bytes) of the first, second, fourth, eighth … leaf: a handful to try for real
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

/** The branches taken on the way, as the leading bits of an address. */
function addressOf(path: readonly Step[], bits: number): number[] {
  const digits = path
    .map((step) => step.next - 1)
    .join('')
    .padEnd(bits, '0');
  return Array.from({ length: bits / 8 }, (_, i) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 2));
}
