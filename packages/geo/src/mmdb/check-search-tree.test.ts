import { describe, expect, test } from '@jest/globals';
import { checkSearchTree } from './check-search-tree.ts';
import { createDataSection } from './data-section.ts';
import { createSearchTree } from './search-tree.ts';

const emptyMap = Buffer.from([0xe0]);

/** Nodes of two 24-bit records. */
function checkNodes(nodes: readonly (readonly [number, number])[], ipVersion = 4): Promise<number[][]> {
  const bytes = Buffer.alloc(nodes.length * 6);
  for (const [i, [left, right]] of nodes.entries()) {
    bytes.writeUIntBE(left, i * 6, 3);
    bytes.writeUIntBE(right, i * 6 + 3, 3);
  }
  const tree = createSearchTree(bytes, { nodeCount: nodes.length, recordSize: 24, ipVersion });
  return checkSearchTree(tree, createDataSection(emptyMap, 'data section'));
}

describe('a search tree', () => {
  test('returns sample addresses from its leaves', async () => {
    // 0/2 → data, 64/2 → nothing, 128/1 → data
    const nodes = [
      [1, 18],
      [18, 2],
    ] as const;
    expect(await checkNodes(nodes)).toEqual([
      [0, 0, 0, 0],
      [128, 0, 0, 0],
    ]);
    expect(await checkNodes(nodes, 6)).toEqual([Array(16).fill(0), [128, ...Array<number>(15).fill(0)]]);
  });

  test('may reach one node twice, as aliases do', async () => {
    const nodes = [
      [1, 1],
      [18, 2],
    ] as const;
    expect(await checkNodes(nodes)).toEqual([[0, 0, 0, 0]]);
  });

  test.each([
    ['leads to its own root', [[0, 17]], 'has a cyclic search tree: a node is its own descendant'],
    [
      'leads in a circle further down',
      [
        [1, 3],
        [2, 3],
        [1, 3],
      ],
      'has a cyclic search tree: a node is its own descendant',
    ],
    ['points between tree and data', [[1, 16]], 'has a search tree that points between tree and data'],
    ['points past the data', [[1, 18]], 'is truncated or damaged: a value reaches beyond the end of its data section'],
    [
      'is deeper than an address is long',
      Array.from({ length: 33 }, (_, i) => [i + 1, 33]),
      'has a search tree deeper than the 32 bits of an address',
    ],
  ] as [string, [number, number][], string][])('is rejected when it %s', async (_, nodes, fault) => {
    await expect(checkNodes(nodes)).rejects.toThrow(fault);
  });
});
