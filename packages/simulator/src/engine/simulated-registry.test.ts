import type { ReportedNode } from '@turn-router/selection';
import { describe, expect, test } from '@jest/globals';
import { reportOfNode, stateOfNode } from './report-of-node.ts';
import { createSimulatedRegistry } from './simulated-registry.ts';
import { createWorld, type SimulatedNode } from './world.ts';

function oneNode(): { node: SimulatedNode; reported: () => ReportedNode } {
  const [node] = createWorld({ regions: { home: { nodes: [{ count: 1, capacityMbps: 100 }] } }, events: [] }).nodes;
  if (node === undefined) throw new Error('a node');
  return { node, reported: () => ({ key: node.key, report: reportOfNode(node, stateOfNode(node), undefined) }) };
}

describe('the simulated registry', () => {
  test('returns the same list until a record changes', () => {
    const { node, reported } = oneNode();
    const registry = createSimulatedRegistry(0);
    const report = reported();
    registry.put(node, report, 1);
    const list = registry.read(1);
    expect(list).toEqual([report]);
    expect(registry.read(2)).toBe(list);
    registry.put(node, reported(), 3);
    expect(registry.read(3)).not.toBe(list);
  });

  test('shows a report after the lag', () => {
    const { node, reported } = oneNode();
    const registry = createSimulatedRegistry(2);
    const [first, second] = [reported(), reported()];
    registry.put(node, first, 1);
    registry.put(node, second, 2);
    expect(registry.read(2.9)).toEqual([]);
    expect(registry.read(3)[0]).toBe(first);
    expect(registry.read(4)[0]).toBe(second);
  });

  test('keeps the record of a crashed node until its TTL ends, and longer if the node has returned', () => {
    const { node, reported } = oneNode();
    const registry = createSimulatedRegistry(0);
    registry.put(node, reported(), 0);
    registry.expire(node, 15);
    expect(registry.read(14.9)).toHaveLength(1);
    expect(registry.read(15)).toHaveLength(0);

    registry.put(node, reported(), 20);
    registry.expire(node, 35);
    registry.put(node, reported(), 30);
    expect(registry.read(40)).toHaveLength(1);
  });

  test('removes a node and its delayed reports', () => {
    const { node, reported } = oneNode();
    const registry = createSimulatedRegistry(2);
    registry.put(node, reported(), 0);
    registry.remove(node);
    expect(registry.read(10)).toEqual([]);
  });
});
