import { expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import type { NodeRecord, RejectedRecord } from '../nodes/node-registry.ts';
import type { AddressRules } from '../trust/address-rules.ts';
import { fleetOf, follow, node, scriptedRegistry } from './followed-fleet.fixture.ts';

const strict: AddressRules = { allowAddresses: [], allowPorts: [] };

function at(record: NodeRecord, changes: Partial<NodeReport>): NodeRecord {
  return { ...record, report: { ...record.report, ...changes } };
}

/** Follows one registry. Returns the refused records of the last reading. */
async function watch(initial: readonly NodeRecord[], isLocal = false, answering: string[] = []) {
  const registry = scriptedRegistry(initial);
  let rules = strict;
  let rejected: readonly RejectedRecord[] = [];
  const suspects: (readonly string[])[] = [];
  const left: (readonly string[])[] = [];
  const followed = await follow([{ name: 'redis-1', registry, isLocal }], {
    addresses: () => rules,
    answering,
    events: {
      onReading: (_: string, reading: { readonly rejected: readonly RejectedRecord[] }) =>
        (rejected = reading.rejected),
      onSuspicion: (_: string, names: readonly string[]) => suspects.push(names),
      onLeft: (_: string, names: readonly string[]) => left.push(names),
    },
  });
  const allow = (next: AddressRules) => (rules = next);
  return {
    ...followed,
    registry,
    allow,
    suspects,
    left,
    reasons: () => rejected.map(({ name, reason }) => [name, reason]),
  };
}

const metadata = { public_ip: '169.254.169.254' };

test('a record with an address that callers must not get is no node, in each reading until it changes', async () => {
  const bad = at(node('fra', 'bad'), metadata);
  const { feed, serving, registry, reasons } = await watch([
    node('fra', 'good'),
    bad,
    at(node('fra', 'ssh'), { port: 22 }),
  ]);
  await using _feed = feed;
  for (let reading = 0; reading < 3; reading += 1) {
    await feed.refresh();
    expect(serving()).toEqual(['fra/good']);
    expect(reasons()).toEqual([
      ['turn:node:fra:bad', 'bad_address'],
      ['turn:node:fra:ssh', 'bad_port'],
    ]);
  }
  registry.holds([node('fra', 'good'), node('fra', 'bad', 2)]);
  await feed.refresh();
  expect([serving(), reasons()]).toEqual([['fra/good', 'fra/bad'], []]);
});

test('a known node that names a bad address is gone at once, and nobody asks it', async () => {
  const fleet = fleetOf('fra', 4);
  const { feed, serving, changes, registry, suspects } = await watch(fleet);
  await using _feed = feed;
  await feed.refresh();
  changes();
  registry.holds(fleet.map((record, index) => (index < 3 ? at(node('fra', `${index}`, 2), metadata) : record)));
  await feed.refresh();
  expect(serving()).toEqual(['fra/3']);
  expect(changes()).toEqual([[], [], ['fra/0', 'fra/1', 'fra/2']]);
  expect(suspects).toEqual([]);
});

test('a leaving node that is refused is gone at once, and nobody asks it', async () => {
  const isLeaving = { ...node('fra', '0', 2), report: { ...node('fra', '0', 2).report, leaving_seconds: 30 } };
  const others = fleetOf('fra', 4).slice(1);
  const { feed, clock, serving, allow, registry, left } = await watch([isLeaving, ...others], false, ['fra/0']);
  await using _feed = feed;
  await feed.refresh();
  allow({ ...strict });
  registry.holds([at(node('fra', '0', 3), { ...metadata, leaving_seconds: 30 }), ...others]);
  await feed.refresh();
  expect(serving()).toEqual(['fra/1', 'fra/2', 'fra/3']);
  registry.holds(others);
  for (const seconds of [1, 60]) {
    clock.advance(seconds * 1000);
    await feed.refresh();
  }
  expect([serving(), left]).toEqual([['fra/1', 'fra/2', 'fra/3'], []]);
});

test('refused nodes do not hide that several others vanish together', async () => {
  const fleet = fleetOf('fra', 20);
  const { feed, registry, suspects } = await watch(fleet);
  await using _feed = feed;
  await feed.refresh();
  const refused = fleet.slice(2, 18).map(({ key }) => at(node('fra', key.id, 2), metadata));
  registry.holds([...fleet.slice(0, 2), ...refused, ...fleet.slice(18)]);
  await feed.refresh();
  registry.holds([...refused, ...fleet.slice(18)]);
  await feed.refresh();
  expect(suspects).toEqual([['fra/0', 'fra/1']]);
});

test('changed rules apply to the records that are already known', async () => {
  const { feed, serving, allow, reasons } = await watch([node('fra', 'good'), at(node('fra', 'bad'), metadata)]);
  await using _feed = feed;
  await feed.refresh();
  allow({ ...strict, allowAddresses: ['169.254.169.254/32'] });
  await feed.refresh();
  expect([serving(), reasons()]).toEqual([['fra/good', 'fra/bad'], []]);
  allow({ ...strict });
  await feed.refresh();
  expect([serving(), reasons()]).toEqual([['fra/good'], [['turn:node:fra:bad', 'bad_address']]]);
});

test('loopback addresses are permitted in a registry on loopback only', async () => {
  const loopback = at(node('fra', 'here'), { public_ip: '127.0.0.1' });
  for (const isLocal of [true, false]) {
    const { feed, serving } = await watch([loopback], isLocal);
    await using _feed = feed;
    await feed.refresh();
    expect(serving()).toEqual(isLocal ? ['fra/here'] : []);
  }
});
