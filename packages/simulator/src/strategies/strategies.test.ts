import { describe, expect, test } from '@jest/globals';
import { createRandomStreams } from '../engine/random-streams.ts';
import { reportOfNode, stateOfNode } from '../engine/report-of-node.ts';
import { createNodeFinder, createWorld } from '../engine/world.ts';
import { scenarioOf } from '../scenario.fixture.ts';
import type { StrategyName } from '../simulation-result.ts';
import { createStrategy } from './strategies.ts';

type Fleet = Readonly<Record<string, readonly { readonly capacityMbps: number; readonly loadMbps: number }[]>>;

/** Creates a strategy that has observed one reading of the fleet; `issue` returns the name of a caller's node. */
function strategyOn(name: StrategyName, fleet: Fleet, spillover: Readonly<Record<string, readonly string[]>> = {}) {
  const scenario = scenarioOf({
    regions: Object.fromEntries(
      Object.entries(fleet).map(([region, nodes]) => [
        region,
        { nodes: nodes.map(({ capacityMbps }) => ({ count: 1, capacityMbps })) },
      ]),
    ),
    demand: { regions: Object.fromEntries(Object.keys(fleet).map((region) => [region, 0.5])) },
    policy: {
      regions: Object.fromEntries(
        Object.entries(spillover).map(([region, targets]) => [region, { location: [0, 0], spillover: targets }]),
      ),
    },
  });
  const world = createWorld(scenario);
  for (const [index, { loadMbps }] of Object.values(fleet).flat().entries()) {
    Object.assign(world.nodes[index] ?? {}, { loadMbps, calls: loadMbps, callsStarted: loadMbps });
  }
  const strategy = createStrategy(name, { policy: scenario.policy, nodeOf: createNodeFinder(world) });
  const nodes = world.nodes.map((node) => ({
    key: node.key,
    report: reportOfNode(node, stateOfNode(node), { seq: 1 }),
  }));
  strategy.observe({ nodes, replicas: 1 }, 0);
  const random = createRandomStreams(1).choices;
  return {
    world,
    issue: (homeRegion: string) => {
      const node = strategy.issue({ homeRegion }, 100, random);
      return node && `${node.key.region}/${node.key.id}`;
    },
  };
}

const node = (capacityMbps: number, loadMbps = 0) => ({ capacityMbps, loadMbps });

/** Picks per node, of 10 000. */
function countPicks(issue: () => string | undefined): Record<string, number> {
  const picks: Record<string, number> = {};
  for (let left = 10_000; left > 0; left -= 1) {
    const picked = issue() ?? 'none';
    picks[picked] = (picks[picked] ?? 0) + 1;
  }
  return picks;
}

describe('strategies', () => {
  test('least-load takes the node with the least reported load every time', () => {
    const { issue } = strategyOn('least-load', { home: [node(100, 30), node(50, 10), node(100, 25)] });
    expect([issue('home'), issue('home')]).toEqual(['home/node-2', 'home/node-2']);
  });

  test('random picks nodes in proportion to capacity', () => {
    const { issue } = strategyOn('random', { home: [node(300), node(100)] });
    const picks = countPicks(() => issue('home'));
    expect((picks['home/node-1'] ?? 0) / 10_000).toBeCloseTo(0.75, 1);
  });

  test('weighted-round-robin has nginx’s order for weights 5, 1, 1', () => {
    const { issue } = strategyOn('weighted-round-robin', { home: [node(5), node(1), node(1)] });
    const round = Array.from({ length: 7 }, () => issue('home')?.at(-1));
    expect(round.join('')).toBe('1121311');
  });

  test('two-choices never takes the most loaded node, and most often takes the least loaded node', () => {
    const { issue } = strategyOn('two-choices', { home: [node(100, 10), node(100, 20), node(100, 30)] });
    const picks = countPicks(() => issue('home'));
    expect(picks['home/node-3']).toBeUndefined();
    // The node is picked if it is one of the two nodes out of three.
    expect((picks['home/node-1'] ?? 0) / 10_000).toBeCloseTo(2 / 3, 1);
  });

  test('perfect-knowledge uses loads that no report contains yet', () => {
    const { world, issue } = strategyOn('perfect-knowledge', { home: [node(100, 10), node(100, 20)] });
    expect(issue('home')).toBe('home/node-1');
    Object.assign(world.nodes[0] ?? {}, { loadMbps: 90 });
    expect(issue('home')).toBe('home/node-2');
  });

  test.each<[name: string, homeMbps: number, nextMbps: number, thirdMbps: number, region: string]>([
    ['stays at home up to 0.8', 80, 0, 0, 'home'],
    ['leaves above 0.8', 81, 0, 0, 'next'],
    ['goes to the second target when the first is above 0.8', 81, 81, 0, 'third'],
    ['stays when every region is above 0.8', 90, 90, 90, 'home'],
  ])('cliff: %s', (_, homeMbps, nextMbps, thirdMbps, region) => {
    const fleet = { home: [node(100, homeMbps)], next: [node(100, nextMbps)], third: [node(100, thirdMbps)] };
    const { issue } = strategyOn('cliff', fleet, { home: ['next', 'third'] });
    expect(countPicks(() => issue('home'))).toEqual({ [`${region}/node-1`]: 10_000 });
  });

  test('no-spillover stays at home at any load', () => {
    const fleet = { home: [node(100, 150)], next: [node(100, 0)] };
    const { issue } = strategyOn('no-spillover', fleet, { home: ['next'] });
    expect(countPicks(() => issue('home'))).toEqual({ 'home/node-1': 10_000 });
  });

  test('turn-router spills by its policy', () => {
    const fleet = { home: [node(100, 150)], next: [node(100, 0)] };
    const { issue } = strategyOn('turn-router', fleet, { home: ['next'] });
    expect(countPicks(() => issue('home'))['next/node-1']).toBeGreaterThan(0);
  });

  test.each<StrategyName>([
    'turn-router',
    'least-load',
    'random',
    'weighted-round-robin',
    'two-choices',
    'perfect-knowledge',
  ])('%s returns no node for a region without nodes', (name) => {
    expect(strategyOn(name, { home: [node(100)] }).issue('elsewhere')).toBeUndefined();
  });
});
