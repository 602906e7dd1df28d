import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRunningCalls } from './running-calls.ts';
import { createWorld, crashNode } from './world.ts';

const twoNodes = () =>
  createWorld({ regions: { home: { nodes: [{ count: 2, capacityMbps: 100 }] } }, events: [] }).nodes;

describe('running calls', () => {
  test('end in order of time, and each frees its bandwidth', () => {
    const [first, second] = twoNodes();
    if (first === undefined || second === undefined) throw new Error('two nodes');
    const calls = createRunningCalls([first, second]);
    calls.begin(first, 2, 30);
    calls.begin(second, 3, 10);
    calls.begin(first, 4, 20);

    const seen: [second: number, firstMbps: number, secondMbps: number][] = [];
    while (calls.nextSecond() < Number.POSITIVE_INFINITY) {
      const atSecond = calls.nextSecond();
      calls.happen();
      seen.push([atSecond, first.loadMbps, second.loadMbps]);
    }
    expect(seen).toEqual([
      [10, 6, 0],
      [20, 2, 0],
      [30, 0, 0],
    ]);
    expect(first).toMatchObject({ calls: 0, callsStarted: 2 });
  });

  test('of a crashed node do not end a second time', () => {
    const [node] = twoNodes();
    if (node === undefined) throw new Error('a node');
    const calls = createRunningCalls([node]);
    calls.begin(node, 1, 10);
    crashNode(node);
    node.isUp = true;
    calls.begin(node, 1, 20);
    calls.happen();
    expect(node).toMatchObject({ calls: 1, loadMbps: 1, callsStarted: 1 });
    calls.happen();
    expect(node).toMatchObject({ calls: 0, loadMbps: 0 });
  });

  test('add up on every node: begun = ended + running', () => {
    const act = fc.record({ node: fc.nat({ max: 1 }), ends: fc.nat({ max: 3 }), length: fc.nat({ max: 100 }) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 3000, size: 'max' }), (acts) => {
        const nodes = twoNodes();
        const calls = createRunningCalls(nodes);
        let ended = 0;
        for (const { node, ends, length } of acts) {
          const on = nodes[node];
          if (on !== undefined) calls.begin(on, 1, length);
          for (let left = ends; left > 0 && calls.nextSecond() < Number.POSITIVE_INFINITY; left -= 1) {
            calls.happen();
            ended += 1;
          }
        }
        const running = nodes.reduce((sum, node) => sum + node.calls, 0);
        expect(ended + running).toBe(acts.length);
        expect(nodes.every((node) => node.loadMbps === node.calls)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
