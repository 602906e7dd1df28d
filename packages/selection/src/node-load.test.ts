import type { Policy } from '@turn-router/contract/policy';
import { describe, expect, test } from '@jest/globals';
import { nodeLoad, regionUse, type NodeFigures } from './node-load.ts';

const half = { live: 50, limit: 100 };

/** The use of a region of whose reported work the share `left` has not ended. */
function useOf(nodes: readonly NodeFigures[], weights: Policy['load'], left = 1): number {
  return regionUse(
    nodes.map((node) => ({ node })),
    weights,
    () => left,
  );
}

describe('a node’s load', () => {
  test.each<[string, Partial<NodeFigures>, number]>([
    ['idle', {}, 0],
    ['bandwidth alone', { bandwidthMbps: 500 }, 0.35],
    ['cpu alone', { cpu: 50 }, 0.15],
    ['both half', { cpu: 50, bandwidthMbps: 500 }, 0.5],
    ['at capacity', { cpu: 100, bandwidthMbps: 1000 }, 1],
    ['beyond capacity', { cpu: 100, bandwidthMbps: 2000 }, 1.7],
    ['allocations with a weight of 0', { cpu: 50, bandwidthMbps: 500, allocations: { live: 9, limit: 10 } }, 0.5],
  ])('by the default weights: %s', (_, figures, load) => {
    const weights = { cpu: 0.3, bandwidth: 0.7, allocations: 0 };
    expect(nodeLoad({ cpu: 0, bandwidthMbps: 0, capacityMbps: 1000, ...figures }, weights)).toBeCloseTo(load, 10);
  });

  test.each([
    ['counts all three', { cpu: 1, bandwidth: 1, allocations: 2 }, half, (0.2 + 0.8 + 2 * 0.5) / 4],
    [
      'counts cpu and bandwidth of a node that reports no allocations',
      { cpu: 1, bandwidth: 1, allocations: 2 },
      undefined,
      0.5,
    ],
    ['counts allocations alone', { cpu: 0, bandwidth: 0, allocations: 1 }, half, 0.5],
    [
      'counts bandwidth when only allocations have a weight and the node does not report them',
      { cpu: 0, bandwidth: 0, allocations: 1 },
      undefined,
      0.8,
    ],
    ['goes beyond 1 with the allocations', { cpu: 0, bandwidth: 0, allocations: 1 }, { live: 130, limit: 100 }, 1.3],
  ])('%s', (_, weights, allocations, load) => {
    expect(nodeLoad({ cpu: 20, bandwidthMbps: 800, capacityMbps: 1000, allocations }, weights)).toBeCloseTo(load, 10);
  });

  test('depends on the ratio of the weights only', () => {
    const figures = { cpu: 20, bandwidthMbps: 900, capacityMbps: 1000, allocations: half };
    expect(nodeLoad(figures, { cpu: 3, bandwidth: 7, allocations: 5 })).toBeCloseTo(
      nodeLoad(figures, { cpu: 0.3, bandwidth: 0.7, allocations: 0.5 }),
      10,
    );
  });
});

describe('the use of a region', () => {
  const node = { cpu: 0, bandwidthMbps: 0, capacityMbps: 1000 };

  test.each<[string, NodeFigures[], number]>([
    ['0 without nodes', [], 0],
    ['one node’s bandwidth', [{ ...node, bandwidthMbps: 800 }], 0.8],
    ['cpu if it is the resource with the highest use', [{ ...node, bandwidthMbps: 300, cpu: 90 }], 0.9],
    [
      'allocations if they are the resource with the highest use',
      [{ ...node, bandwidthMbps: 300, allocations: { live: 7, limit: 10 } }],
      0.7,
    ],
    ['more than 1 beyond capacity', [{ ...node, bandwidthMbps: 1500 }], 1.5],
    [
      'closer to the load of a large idle node than to that of a small full node',
      [
        { ...node, capacityMbps: 100, bandwidthMbps: 100 },
        { ...node, capacityMbps: 900 },
      ],
      0.1,
    ],
    [
      'cpu weighted by capacity',
      [
        { ...node, capacityMbps: 100, cpu: 100 },
        { ...node, capacityMbps: 900, cpu: 20 },
      ],
      0.28,
    ],
    [
      'the allocations of the nodes that report them, weighted by capacity',
      [
        { ...node, allocations: { live: 90, limit: 100 } },
        { ...node, capacityMbps: 2000, allocations: { live: 0, limit: 2 ** 53 - 1 } },
        node,
      ],
      0.3,
    ],
  ])('is %s', (_, nodes, use) => {
    expect(useOf(nodes, { cpu: 0.3, bandwidth: 0.7, allocations: 0 })).toBeCloseTo(use, 10);
  });

  test('falls with the reported work that has ended', () => {
    const busy = { ...node, bandwidthMbps: 600, cpu: 50 };
    expect(useOf([busy], { cpu: 0.3, bandwidth: 0.7, allocations: 0 }, 0.5)).toBeCloseTo(0.3, 10);
  });

  test('ignores cpu when its weight is 0', () => {
    const busy = { ...node, bandwidthMbps: 300, cpu: 100 };
    expect(useOf([busy], { cpu: 0, bandwidth: 1, allocations: 0 })).toBeCloseTo(0.3, 10);
  });
});
