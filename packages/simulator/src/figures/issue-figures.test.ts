import { describe, expect, test } from '@jest/globals';
import { createWorld, type SimulatedNode } from '../engine/world.ts';
import { createIssueFigures, spillFigures } from './issue-figures.ts';
import { createIssueWindow } from './issue-window.ts';
import { shareOfFair } from './share-of-fair.ts';

const nodes = [
  { count: 1, capacityMbps: 100 },
  { count: 1, capacityMbps: 50 },
];
const world = () => createWorld({ regions: { home: { nodes }, away: { nodes } }, events: [] });
const edges = [{ from: 'home', to: 'away', name: 'home → away' }];
const clock = { durationSeconds: 20, measuredFromSecond: 5, points: 4 };

type Counts = readonly [homeLarge: number, homeSmall: number, awayLarge: number, awaySmall: number];

/** Counts credentials issued for callers of `home`. */
function fill(window: ReturnType<typeof createIssueWindow>, all: readonly SimulatedNode[], counts: Counts): void {
  for (const [index, count] of counts.entries()) {
    const node = all[index];
    if (node === undefined) throw new Error('four nodes');
    for (let left = count; left > 0; left -= 1) window.count('home', node);
  }
}

describe('issue figures', () => {
  test('give the largest ratio between the part that a node got and its fair part', () => {
    const small = world();
    const window = createIssueWindow(small);
    const figures = createIssueFigures(small, edges, clock);
    fill(window, small.nodes, [10, 10, 4, 2]);
    figures.windowClosed(window, 10);
    // Half of home's credentials for a third of its capacity.
    expect(figures.figures().worstShareIn5s).toBeCloseTo(1.5);
  });

  test('give the part of a region’s credentials that went to other regions, for each window', () => {
    const small = world();
    const window = createIssueWindow(small);
    const figures = createIssueFigures(small, edges, clock);
    const windows: Counts[] = [
      [9, 9, 9, 9],
      [8, 0, 2, 0],
      [6, 0, 2, 2],
      [0, 0, 0, 0],
    ];
    for (const [index, counts] of windows.entries()) {
      fill(window, small.nodes, counts);
      figures.windowClosed(window, 5 * (index + 1));
      window.reset();
    }
    expect(figures.figures().spillShare['home → away']?.mean).toBeCloseTo(0.3);
    expect(figures.series().spillShare['home → away']).toEqual([0.5, 0.2, 0.4, 0.4]);
  });
});

describe('spillFigures', () => {
  test.each([
    ['no window', [], { mean: 0, standardDeviation: 0, max: 0, largestStep: 0 }],
    ['one window', [0.3], { mean: 0.3, standardDeviation: 0, max: 0.3, largestStep: 0 }],
    ['a cliff', [0, 1, 1, 0], { mean: 0.5, standardDeviation: Math.sqrt(1 / 3), max: 1, largestStep: 1 }],
  ])('of %s', (_, shares, expected) => {
    expect(spillFigures(shares)).toEqual(expected);
  });
});

describe('shareOfFair', () => {
  test.each<[name: string, counts: Counts, isUp: boolean, expected: number]>([
    ['its fair share is 1', [20, 10, 0, 0], true, 1],
    ['twice its fair share is 2', [1, 2, 0, 0], true, 2],
    ['no credentials is 0', [30, 0, 0, 0], true, 0],
    ['a region without credentials is 0', [0, 0, 5, 5], true, 0],
    ['a dead node is 0', [20, 10, 0, 0], false, 0],
  ])('%s', (_, counts, isUp, expected) => {
    const small = world();
    const window = createIssueWindow(small);
    const node = small.nodes[1];
    if (node === undefined) throw new Error('four nodes');
    fill(window, small.nodes, counts);
    node.isUp = isUp;
    expect(shareOfFair(node, window)).toBeCloseTo(expected);
  });
});
