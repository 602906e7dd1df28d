import { describe, expect, test } from '@jest/globals';
import { scenarioOf } from '../scenario.fixture.ts';
import { createStrategy } from '../strategies/strategies.ts';
import { createRandomStreams } from './random-streams.ts';
import { createReporters } from './reporters.ts';
import { createRouters } from './routers.ts';
import { runUntil } from './run-until.ts';
import { createScript } from './script.ts';
import { scriptedActs } from './scripted-acts.ts';
import { createSimulatedRegistry } from './simulated-registry.ts';
import { createNodeFinder, createWorld } from './world.ts';

/** A world without calls and two nodes in one region, after `second` seconds, and the nodes that the registry shows. */
function worldAfter(second: number, events: readonly object[]) {
  const scenario = scenarioOf({ events });
  const streams = createRandomStreams(1);
  const world = createWorld(scenario);
  const registry = createSimulatedRegistry(0);
  const reporters = createReporters(world.nodes, scenario.reports, registry, streams.reports);
  const context = { policy: scenario.policy, nodeOf: createNodeFinder(world) };
  const create = () => createStrategy('random', context);
  const routers = createRouters(scenario.routers, registry, create, streams.polls);
  runUntil(second, [createScript(scriptedActs(scenario, { world, reporters, routers })), reporters, routers]);
  return {
    up: world.nodes.filter(({ isUp }) => isUp).map(({ key }) => key.id),
    shown: registry.read(second).map(({ key, report }) => [key.id, report.boot_id]),
  };
}

const joins = { type: 'node-joins', atSecond: 10, region: 'home', capacityMbps: 70 };
const crashes = { type: 'node-crashes', atSecond: 10, region: 'home', node: 2, forSeconds: 60 };
const lost = { type: 'region-lost', atSecond: 10, region: 'home', forSeconds: 60 };

describe('events', () => {
  test.each<[name: string, events: object[], second: number, up: string[], shown: string[]]>([
    ['a node is not up before it joins', [joins], 9, ['node-1', 'node-2'], ['node-1', 'node-2']],
    [
      'a node that joins reports at once',
      [joins],
      10.1,
      ['node-1', 'node-2', 'node-3'],
      ['node-1', 'node-2', 'node-3'],
    ],
    ['a crashed node’s record stays until its TTL ends', [crashes], 15, ['node-1'], ['node-1', 'node-2']],
    ['a crashed node’s record is gone after its TTL', [crashes], 25, ['node-1'], ['node-1']],
    ['a crashed node comes back', [crashes], 70.1, ['node-1', 'node-2'], ['node-1', 'node-2']],
    ['a lost region has no node', [lost], 25, [], []],
    ['a lost region comes back with all nodes', [lost], 70.1, ['node-1', 'node-2'], ['node-1', 'node-2']],
    [
      'a node that crashed before its whole region crashed returns at its own planned time',
      [
        { ...crashes, forSeconds: 5 },
        { ...lost, atSecond: 12 },
      ],
      16,
      ['node-2'],
      ['node-1', 'node-2'],
    ],
  ])('%s', (_, events, second, up, shown) => {
    const after = worldAfter(second, events);
    expect(after.up).toEqual(up);
    expect(after.shown.map(([id]) => id)).toEqual(shown);
  });

  test('a node that returns starts its counters from 0', () => {
    expect(worldAfter(70.1, [crashes]).shown).toEqual([
      ['node-1', 'boot-1'],
      ['node-2', 'boot-2'],
    ]);
  });
});
