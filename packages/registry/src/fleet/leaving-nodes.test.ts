import { describe, expect, test } from '@jest/globals';
import { away, fleetOf, follow, node, scriptedRegistry } from './followed-fleet.fixture.ts';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** The last report of a reporter that stops: the next report of the same run, with `leaving_seconds`. */
const leaving = ({ key, report }: NodeRecord, seconds = 30): NodeRecord => ({
  key,
  report: { ...report, seq: (report.seq ?? 0) + 1, leaving_seconds: seconds },
});
/** The first report after the restart. */
const restarted = ({ key, report }: NodeRecord): NodeRecord => ({ key, report: { ...report, boot_id: 'b', seq: 1 } });

/** Four nodes, of which some are leaving since the second reading. */
async function leavingFleet(count: number, answering: string[]) {
  const fleet = fleetOf('fra', 4);
  const said: string[] = [];
  const registry = scriptedRegistry(fleet);
  const followed = await follow([{ name: 'redis-1', registry }], {
    answering,
    events: {
      onLeft: (_: string, nodes: readonly string[], because: string) =>
        said.push(`left ${nodes.join(' ')}: ${because}`),
      onSuspicion: (_: string, nodes: readonly string[]) => said.push(`suspects ${nodes.join(' ')}`),
    },
  });
  await followed.feed.refresh();
  const now = fleet.map((record, index) => (index < count ? leaving(record) : record));
  registry.holds(now);
  await followed.feed.refresh();
  return {
    ...followed,
    fleet,
    now,
    registry,
    said,
    others: fleet.slice(count),
    all: ['fra/0', 'fra/1', 'fra/2', 'fra/3'],
  };
}

describe('a node whose reporter restarts', () => {
  test('stays at full weight while it answers, and goes when its time has passed', async () => {
    const { feed, clock, serving, all, said } = await leavingFleet(1, ['fra/0']);
    await using _feed = feed;
    for (const seconds of [1, 10, 18.9]) {
      clock.advance(seconds * 1000);
      await feed.refresh();
      expect(serving()).toEqual(all);
    }
    clock.advance(100);
    await feed.refresh();
    expect(serving()).toEqual(all.slice(1));
    expect(said).toEqual(['left fra/0: time']);
  });

  test('stays for its time even if its record expires sooner', async () => {
    const { feed, clock, serving, registry, others, all } = await leavingFleet(1, ['fra/0']);
    await using _feed = feed;
    registry.holds(others);
    clock.advance(29_900);
    await feed.refresh();
    expect(serving()).toEqual(all);
    clock.advance(100);
    await feed.refresh();
    expect(serving()).toEqual(all.slice(1));
  });

  test('is a normal node once its reporter is back', async () => {
    const { feed, clock, serving, registry, fleet, all, said } = await leavingFleet(1, ['fra/0']);
    await using _feed = feed;
    registry.holds(fleet.map((record, index) => (index === 0 ? restarted(record) : record)));
    clock.advance(5_000);
    await feed.refresh();
    clock.advance(60_000);
    await feed.refresh();
    expect([serving(), said]).toEqual([all, []]);
  });

  test('goes at once if it does not answer, and comes back with its next report', async () => {
    const { feed, serving, registry, fleet, said, all } = await leavingFleet(1, []);
    await using _feed = feed;
    expect([serving(), said]).toEqual([all.slice(1), ['left fra/0: silence']]);
    registry.holds(fleet.map((record, index) => (index === 0 ? restarted(record) : record)));
    await feed.refresh();
    expect(serving().toSorted()).toEqual(all);
  });

  test('is not suspected when it goes together with others', async () => {
    const { feed, clock, serving, registry, others, said } = await leavingFleet(3, []);
    await using _feed = feed;
    registry.holds(others);
    clock.advance(1_000);
    await feed.refresh();
    expect([serving(), said]).toEqual([['fra/3'], ['left fra/0 fra/1 fra/2: silence']]);
  });

  test('stays over its time while the registry is unreachable, and goes even then if it stops answering', async () => {
    const answering = ['fra/0', 'fra/1'];
    const { feed, clock, serving, registry, all, said } = await leavingFleet(2, answering);
    await using _feed = feed;
    registry.holds(away);
    clock.advance(60_000);
    await feed.refresh();
    expect(serving()).toEqual(all);
    answering.pop();
    clock.advance(1_000);
    await feed.refresh();
    expect([serving(), said]).toEqual([['fra/0', 'fra/2', 'fra/3'], ['left fra/1: silence']]);
  });

  test('leaves no node if `leaving_seconds` is 0', async () => {
    const registry = scriptedRegistry([leaving(node('fra', '0'), 0)]);
    const { feed, serving } = await follow([{ name: 'redis-1', registry }], { answering: ['fra/0'] });
    await using _feed = feed;
    await feed.refresh();
    expect(serving()).toEqual([]);
  });
});
