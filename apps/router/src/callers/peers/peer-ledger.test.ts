import { describe, expect, test } from '@jest/globals';
import { createMemoryLimitLedger, RegistryError } from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import { choosePeer, createPeerLedger, type Peer } from './peer-ledger.ts';
import type { ExchangeRequest } from './peer-messages.ts';
import { createStandInLedger } from './stand-in-ledger.ts';

const clock = createManualClock();

function peer(id: string, routers = 0): Peer {
  return {
    id,
    routers,
    exchange: async () => ({ ...(await createMemoryLimitLedger(clock.now).exchangeLimits('a', [], [])), routers: 1 }),
  };
}

test.each<[peers: readonly Peer[], chosen: string | undefined]>([
  [[], undefined],
  [[peer('b'), peer('a'), peer('c')], 'a'],
  [[peer('b', 1), peer('a'), peer('c', 2)], 'c'],
  [[peer('b', 2), peer('a', 2), peer('c', 1)], 'a'],
])('of %j chooses %s, in any order', (peers, chosen) => {
  expect(choosePeer(peers)?.id).toBe(chosen);
  expect(choosePeer(peers.toReversed())?.id).toBe(chosen);
});

/** Three routers, of which some cannot reach others. */
function threeRouters() {
  const time = createManualClock();
  const standIns = ['x', 'y', 'z'].map((id) => createStandInLedger(id, time.now));
  const reach: Record<string, string[]> = {};
  const canReach = (from: string, to: string) => reach[from]?.includes(to) ?? true;
  const routers = ['x', 'y', 'z'].map((id) => {
    const ledger = createPeerLedger({
      countReplicas: () => 3,
      findPeers: () =>
        Promise.resolve(
          standIns
            .map(({ standing, exchange }) => ({
              ...standing(),
              exchange: async (request: ExchangeRequest) => {
                if (!canReach(id, standing().id)) throw new RegistryError('unavailable', 'the network is broken');
                return exchange(request);
              },
            }))
            .filter((each) => canReach(id, each.id)),
        ),
    });
    return {
      tell: async () => {
        try {
          const { epoch } = await ledger.exchangeLimits(id, [], []);
          return epoch.slice(0, 1);
        } catch (error) {
          return String(error);
        }
      },
    };
  });
  return {
    time,
    reach,
    round: async () => {
      const said: string[] = [];
      for (const { tell } of routers) said.push(await tell());
      time.advance(250);
      return said;
    },
  };
}

const heard = (routers: number) => `RegistryError: ${routers} of 3 routers are reachable`;

describe('the ledger in the memory of one router', () => {
  test('is used once all routers report to it', async () => {
    const { round } = threeRouters();
    expect(await round()).toEqual([heard(1), heard(2), 'x']);
    expect(await round()).toEqual(['x', 'x', 'x']);
  });

  test('is used by no router while the network is split, and by all when it is repaired', async () => {
    const { round, reach, time } = threeRouters();
    await round();
    await round();
    reach['y'] = reach['z'] = ['y', 'z'];
    reach['x'] = ['x'];
    // For a second the previous keeper still counts their reports.
    time.advance(1_001);
    for (let times = 0; times < 12; times += 1) {
      for (const said of await round()) expect(said).toMatch(/^RegistryError: /);
    }
    expect(await round()).toEqual([heard(1), heard(2), heard(2)]);
    delete reach['x'];
    delete reach['y'];
    delete reach['z'];
    for (let times = 0; times < 8; times += 1) await round();
    const [keeper] = await round();
    expect(await round()).toEqual([keeper, keeper, keeper]);
    expect(keeper).toMatch(/^[xyz]$/);
  });

  test('stays at its keeper when another router joins', async () => {
    const { round, reach } = threeRouters();
    for (const id of ['x', 'y', 'z']) reach[id] = ['y', 'z'];
    await round();
    expect(await round()).toEqual(['y', 'y', 'y']);
    for (const id of ['x', 'y', 'z']) delete reach[id];
    await round();
    expect(await round()).toEqual(['y', 'y', 'y']);
  });

  test('fails if no router answers', async () => {
    const ledger = createPeerLedger({ countReplicas: () => 1, findPeers: () => Promise.resolve([]) });
    await expect(ledger.exchangeLimits('a', [], [])).rejects.toThrow('no router of PEERS answers');
  });
});
