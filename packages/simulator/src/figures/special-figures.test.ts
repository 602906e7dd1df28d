import { describe, expect, test } from '@jest/globals';
import { createWorld, type SimulatedWorld } from '../engine/world.ts';
import { createCrashFigures } from './crash-figures.ts';
import { createIssueWindow } from './issue-window.ts';
import { createJoinerFigures } from './joiner-figures.ts';
import { createLiarFigures } from './liar-figures.ts';
import { createLostRegionFigures } from './lost-region-figures.ts';
import { createRecoveryFigures } from './recovery-figures.ts';
import { sampleRegion, type RegionSample } from './region-sample.ts';

const twoNodes = { nodes: [{ count: 2, capacityMbps: 100 }] };

/** A world whose regions have two nodes of 100 Mbit/s each. */
function worldOf(...regions: string[]): SimulatedWorld {
  return createWorld({ regions: Object.fromEntries(regions.map((name) => [name, twoNodes])), events: [] });
}

/** Sets the loads of the nodes, Mbit/s, in the order of the regions. */
function samplesAt(world: SimulatedWorld, loadsMbps: readonly number[]): RegionSample[] {
  for (const [index, loadMbps] of loadsMbps.entries()) Object.assign(world.nodes[index] ?? {}, { loadMbps });
  return Array.from(world.regions.values(), sampleRegion);
}

function firstNode(world: SimulatedWorld) {
  const [node] = world.nodes;
  if (node === undefined) throw new Error('a node');
  return node;
}

describe('a node that joins', () => {
  test('is compared with its region from the moment when it joins', () => {
    const world = worldOf('home');
    const figure = createJoinerFigures(firstNode(world), 100);
    figure.sampled?.(samplesAt(world, [90, 10]), 99);
    figure.sampled?.(samplesAt(world, [60, 40]), 100);
    figure.sampled?.(samplesAt(world, [50, 50]), 101);
    expect(figure.figures()['joiner.peakToMean']).toBeCloseTo(1.2);
  });

  test('has its largest part of the calls measured only in windows that start after it joins', () => {
    const world = worldOf('home');
    const [joiner, other] = world.nodes;
    if (joiner === undefined || other === undefined) throw new Error('two nodes');
    const figure = createJoinerFigures(joiner, 100);
    const window = createIssueWindow(world);
    window.count('home', joiner);
    figure.windowClosed?.(window, 104);
    window.count('home', other);
    window.count('home', other);
    window.count('home', other);
    figure.windowClosed?.(window, 105);
    expect(figure.figures()['joiner.largestShareOfFair']).toBeCloseTo(0.5);
  });
});

describe('a node with false reports', () => {
  test('is compared with its region while its reports are false, and again after a minute', () => {
    const world = worldOf('home');
    const figure = createLiarFigures(firstNode(world), 100, 300);
    const rows: [second: number, liarMbps: number][] = [
      [99, 100],
      [110, 90],
      [159, 80],
      [160, 70],
      [300, 100],
    ];
    for (const [second, liarMbps] of rows) figure.sampled?.(samplesAt(world, [liarMbps, 100 - liarMbps]), second);
    expect(figure.figures()['liar.peakToMean']).toBeCloseTo(1.8);
    expect(figure.figures()['liar.toMeanAfter60s']).toBeCloseTo(1.4);
  });
});

describe('a region without a usable node', () => {
  const lost = { targets: ['second', 'third'], fromSecond: 100, untilSecond: 200, startLoad: 0.75 };

  test('measures the highest load of its targets: at any time, and while another target had free capacity', () => {
    const world = worldOf('home', 'second', 'third');
    const figure = createLostRegionFigures(lost);
    figure.sampled?.(samplesAt(world, [0, 0, 99, 99, 50, 50]), 99);
    figure.sampled?.(samplesAt(world, [0, 0, 80, 80, 50, 50]), 100);
    figure.sampled?.(samplesAt(world, [0, 0, 90, 90, 71, 71]), 150);
    figure.sampled?.(samplesAt(world, [0, 0, 99, 99, 50, 50]), 200);
    expect(figure.figures()).toEqual({ 'lost.highestTargetLoad': 0.9, 'lost.highestTargetWhileRoom': 0.8 });
  });
});

describe('a recovery', () => {
  test('ends with the last window with more than 2 % of the calls spilled, and measures the overshoot at the lowest load', () => {
    const world = worldOf('home', 'away');
    const [home, , away] = world.nodes;
    if (home === undefined || away === undefined) throw new Error('four nodes');
    const figure = createRecoveryFigures({ region: 'home', fromSecond: 100, settlesAt: 0.7 });
    const window = createIssueWindow(world);
    for (const [second, spilled] of [
      [100, 50],
      [105, 20],
      [110, 3],
      [115, 2],
      [120, 0],
    ] as const) {
      for (let call = 0; call < 100; call += 1) window.count('home', call < spilled ? away : home);
      figure.windowClosed?.(window, second);
      window.reset();
    }
    figure.sampled?.(samplesAt(world, [10, 10, 0, 0]), 99);
    figure.sampled?.(samplesAt(world, [66, 66, 0, 0]), 130);
    expect(figure.figures()['recovery.seconds']).toBe(10);
    expect(figure.figures()['recovery.overshoot']).toBeCloseTo(0.04);
  });
});

describe('crashes', () => {
  test('count the calls that did not begin during the measured time', () => {
    const figure = createCrashFigures(100);
    for (const second of [99, 100, 101]) figure.callNotBegun?.(second);
    expect(figure.figures()).toEqual({ 'crashed.callsNotBegun': 2 });
  });
});
