import { describe, expect, test } from '@jest/globals';
import { away, fleetOf, follow, node, scriptedRegistry } from './followed-fleet.fixture.ts';

describe('the changes of a fleet', () => {
  test('are collected until they are taken, once per node', async () => {
    const fleet = fleetOf('fra', 8);
    const registry = scriptedRegistry(fleet.slice(0, 2));
    const { feed, changes } = await follow([{ name: 'redis-1', registry }], { answering: ['fra/0'] });
    await using _feed = feed;
    await feed.refresh();
    registry.holds([node('fra', '0', 2), ...fleet.slice(1)]);
    await feed.refresh();
    registry.holds([node('fra', '0', 1), ...fleet.slice(1)]);
    await feed.refresh();
    expect(changes()).toEqual([['fra/0 2 1', ...fleet.slice(1).map(({ key }) => `fra/${key.id} 1 1`)], [], []]);
    expect(changes()).toEqual([[], [], []]);

    registry.holds(fleet.slice(3));
    await feed.refresh();
    await feed.refresh();
    expect(changes()).toEqual([[], ['fra/0 2 0.5'], ['fra/1', 'fra/2']]);
    await feed.refresh();
    expect(changes()).toEqual([[], [], []]);
    registry.holds([node('fra', '0', 3), ...fleet.slice(3)]);
    await feed.refresh();
    expect(changes()).toEqual([['fra/0 3 1'], [], []]);
  });

  test('include the first node of a group again, which was gone at first', async () => {
    const fleet = fleetOf('fra', 8);
    const registry = scriptedRegistry(fleet);
    const { feed, changes } = await follow([{ name: 'redis-1', registry }], { answering: ['fra/0', 'fra/1'] });
    await using _feed = feed;
    await feed.refresh();
    changes();
    registry.holds(fleet.slice(1));
    await feed.refresh();
    expect(changes()).toEqual([[], [], ['fra/0']]);
    registry.holds(fleet.slice(2));
    await feed.refresh();
    expect(changes()).toEqual([['fra/0 1 0.5'], ['fra/1 1 0.5'], []]);
  });

  test('include a node that another registry now provides, and no other', async () => {
    const [first, second] = [
      scriptedRegistry([node('fra', '0', 1), node('fra', '1', 1)]),
      scriptedRegistry([node('fra', '0', 2), node('fra', '2', 1)]),
    ];
    const { feed, changes } = await follow([
      { name: 'redis-1', registry: first },
      { name: 'redis-2', registry: second },
    ]);
    await using _feed = feed;
    await feed.refresh();
    expect(changes()).toEqual([['fra/0 1 1', 'fra/1 1 1', 'fra/2 1 1'], [], []]);
    second.holds([node('fra', '0', 3), node('fra', '2', 1)]);
    await feed.refresh();
    expect(changes()).toEqual([[], [], []]);
    first.holds(away);
    await feed.refresh();
    expect(changes()).toEqual([['fra/0 3 1'], [], []]);
    second.holds([node('fra', '2', 1)]);
    await feed.refresh();
    expect(changes()).toEqual([['fra/0 1 1'], [], []]);
    first.holds([node('fra', '1', 1)]);
    await feed.refresh();
    expect(changes()).toEqual([[], [], ['fra/0']]);
  });
});
