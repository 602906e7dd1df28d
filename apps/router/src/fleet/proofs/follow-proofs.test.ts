import { describe, expect, test } from '@jest/globals';
import { RegistryError } from '@turn-router/registry';
import { fourProbers, startFollowing, type Said } from './followed-proofs.fixture.ts';
import { udpFails, udpWorks } from './test-proofs.fixture.ts';

/** These probers do not reach eu/a. */
const refutedBy =
  (...probers: string[]): Said =>
  (prober, target) =>
    target === 'eu/a' && probers.includes(prober) ? [udpFails] : undefined;

const others = fourProbers.filter((name) => name !== 'eu/a');

describe('following the proofs', () => {
  test('a node that all others refute is out within three rounds, and back a round after all reach it', async () => {
    await using fleet = startFollowing();
    await fleet.pass(30);
    expect(fleet.outside.verdictOf('eu/a')).toMatchObject({ state: 'proven', text: 'reached' });
    await fleet.pass(90, refutedBy(...others));
    expect(fleet.outside.refuted()).toEqual([
      { name: 'eu/a', reason: 'unreachable_from_outside (3 of 3: udp 3478 timeout)' },
    ]);
    expect(fleet.outside.isRefuted('eu/a')).toBe(true);
    expect(fleet.changes).toEqual([['eu/a']]);
    await fleet.pass(60);
    expect(fleet.outside.refuted()).toEqual([]);
    expect(fleet.changes).toEqual([['eu/a'], ['eu/a']]);
  });

  test.each<[string, Said]>([
    ['one lying prober', refutedBy('us/x')],
    ['one lying prober that refutes everybody', (prober) => (prober === 'us/x' ? [udpFails] : undefined)],
    ['probers that see nobody', (prober) => (prober.startsWith('us/') ? [udpFails] : undefined)],
    [
      'a partition between the regions',
      (prober, target) => (prober.slice(0, 2) === target.slice(0, 2) ? undefined : [udpFails]),
    ],
  ])('%s takes no node out', async (_, said) => {
    await using fleet = startFollowing();
    await fleet.pass(30);
    await fleet.pass(300, said);
    expect(fleet.changes).toEqual([]);
  });

  test('missing proofs take no node out, and a refuted node is back when its proofs are old', async () => {
    await using fleet = startFollowing();
    await fleet.pass(90, refutedBy(...others));
    fleet.sources[0]?.fail(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
    await fleet.pass(30, undefined, false);
    expect(fleet.outside.isRefuted('eu/a')).toBe(true);
    await fleet.pass(180, undefined, false);
    expect(fleet.outside.isRefuted('eu/a')).toBe(false);
    expect([...fleet.outside.judgement().values()].map(({ state }) => state)).toEqual(
      fourProbers.map(() => 'unproven'),
    );
  });

  test('proofs that are written again without a new probe become old', async () => {
    await using fleet = startFollowing();
    await fleet.pass(30);
    await fleet.pass(95, undefined, false);
    expect(fleet.outside.verdictOf('eu/a')?.state).toBe('unproven');
    expect(fleet.outside.proofsOf('eu/a')).toEqual([]);
  });

  test('of two registries, one may be unreachable', async () => {
    await using fleet = startFollowing(fourProbers, ['redis-1', 'redis-2']);
    fleet.sources[0]?.fail(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
    await fleet.pass(90, refutedBy(...others));
    expect(fleet.outside.isRefuted('eu/a')).toBe(true);
    expect(fleet.outside.proofsOf('eu/a')).toHaveLength(3);
  });

  test('a node without a record is forgotten', async () => {
    await using fleet = startFollowing();
    await fleet.pass(90, refutedBy(...others));
    fleet.removeNode('eu/a');
    await fleet.pass(5, refutedBy(...others));
    expect(fleet.outside.verdictOf('eu/a')).toBeUndefined();
    expect(fleet.changes).toEqual([['eu/a'], ['eu/a']]);
  });

  test('a node of a region that the policy lacks is not judged, but proves others', async () => {
    await using fleet = startFollowing(['eu/a', 'office/x', 'office/y']);
    await fleet.pass(90, refutedBy('office/x', 'office/y'));
    expect([...fleet.outside.judgement().keys()]).toEqual(['eu/a']);
    expect(fleet.outside.isRefuted('eu/a')).toBe(true);
    expect(fleet.outside.roundTrips()).toEqual([]);
  });

  test('the round trips between regions are there', async () => {
    await using fleet = startFollowing();
    await fleet.pass(5, (prober, target) => [
      { ...udpWorks, roundTripMs: prober.slice(0, 2) === target.slice(0, 2) ? 2 : 90 },
    ]);
    expect(fleet.outside.roundTrips()).toEqual([
      { from: 'eu', to: 'eu', roundTripMs: 2, proofs: 2 },
      { from: 'eu', to: 'us', roundTripMs: 90, proofs: 4 },
      { from: 'us', to: 'eu', roundTripMs: 90, proofs: 4 },
      { from: 'us', to: 'us', roundTripMs: 2, proofs: 2 },
    ]);
  });
});

describe('the log', () => {
  const denied = new RegistryError('refused', 'Redis refused the command: NOPERM', { fault: 'no_permission' });
  const down = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');

  test('says once that proofs cannot be read, again for another fault, and that they can be read again', async () => {
    await using fleet = startFollowing(fourProbers, ['redis-1', 'redis-2']);
    await fleet.pass(30);
    expect(fleet.said()).toEqual([]);
    fleet.sources[1]?.fail(denied);
    await fleet.pass(60);
    expect(fleet.said()).toEqual([['proofs.unreadable', 'redis-2', 'no_permission']]);
    fleet.sources[1]?.fail(down);
    await fleet.pass(30);
    fleet.sources[1]?.fail(new RegistryError('unavailable', 'Redis is not available', { fault: 'timeout' }));
    await fleet.pass(30);
    expect(fleet.said()).toEqual([['proofs.unreadable', 'redis-2', 'connection']]);
    fleet.sources[1]?.fail(undefined);
    await fleet.pass(60);
    expect(fleet.said()).toEqual([['proofs.readable', 'redis-2']]);
  });

  test('a registry whose proofs may no longer be read has none at once', async () => {
    await using fleet = startFollowing();
    await fleet.pass(90, refutedBy(...others));
    fleet.sources[0]?.fail(denied);
    await fleet.pass(5);
    expect(fleet.outside.proofsOf('eu/a')).toEqual([]);
    await fleet.pass(30);
    expect(fleet.outside.isRefuted('eu/a')).toBe(false);
  });

  test.each([
    ['one node that probes', ['eu/a']],
    ['no prober', []],
  ])('of a fleet with %s says once after a minute that nothing proves it', async (_, probers) => {
    await using fleet = startFollowing(probers);
    await fleet.pass(60);
    expect(fleet.said()).toEqual([]);
    await fleet.pass(120);
    expect(fleet.said()).toEqual(probers.length === 0 ? [] : [['proofs.few_probers']]);
  });
});

test('the metrics count verdicts and unused proofs, and have the round trips', async () => {
  await using fleet = startFollowing();
  fleet.sources[0]?.leaveOut({ invalid: 3, leftOut: 2 });
  await fleet.pass(90, refutedBy(...others));
  fleet.metrics.showProofs(() => ({
    regions: ['eu', 'us', 'ap'],
    judgement: fleet.outside.judgement(),
    roundTrips: [...fleet.outside.roundTrips(), { from: 'office', to: 'eu', roundTripMs: 1, proofs: 1 }],
  }));
  const lines = async () =>
    (await fleet.metrics.text())
      .split('\n')
      .filter((line) => /^turn_router_(?!.*registry_)\w*(?:verdict|proofs|round_trip)/.test(line));
  expect(await lines()).toEqual([
    'turn_router_node_verdicts{region="eu",verdict="proven"} 1',
    'turn_router_node_verdicts{region="eu",verdict="unproven"} 0',
    'turn_router_node_verdicts{region="eu",verdict="refuted"} 1',
    'turn_router_node_verdicts{region="us",verdict="proven"} 2',
    'turn_router_node_verdicts{region="us",verdict="unproven"} 0',
    'turn_router_node_verdicts{region="us",verdict="refuted"} 0',
    'turn_router_node_verdicts{region="ap",verdict="proven"} 0',
    'turn_router_node_verdicts{region="ap",verdict="unproven"} 0',
    'turn_router_node_verdicts{region="ap",verdict="refuted"} 0',
    'turn_router_round_trip_seconds{from="eu",to="eu"} 0.02',
    'turn_router_round_trip_seconds{from="eu",to="us"} 0.02',
    'turn_router_round_trip_seconds{from="us",to="eu"} 0.02',
    'turn_router_round_trip_seconds{from="us",to="us"} 0.02',
    'turn_router_invalid_proofs{registry="redis-1"} 3',
    'turn_router_left_out_proofs{registry="redis-1"} 2',
    'turn_router_proofs_readable{registry="redis-1"} 1',
  ]);
  fleet.sources[0]?.fail(new RegistryError('refused', 'NOPERM', { fault: 'no_permission' }));
  await fleet.refresh();
  fleet.sources[0]?.fail(new RegistryError('unavailable', 'Redis is not available', { fault: 'timeout' }));
  await fleet.refresh();
  expect(await lines()).toContain('turn_router_proofs_readable{registry="redis-1"} 0');
  const faults = (await fleet.metrics.text()).match(/^turn_router_registry_faults_total.*/gm);
  expect(faults).toEqual(['turn_router_registry_faults_total{registry="redis-1",fault="timeout"} 1']);
});
