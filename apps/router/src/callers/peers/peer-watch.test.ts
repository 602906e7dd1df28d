import { expect, test } from '@jest/globals';
import { RegistryError } from '@turn-router/registry';
import type { PeerAddress } from './peer-address.ts';
import type { Peer } from './peer-ledger.ts';
import { createPeerWatch } from './peer-watch.ts';

const addresses = [1, 2, 3].map((port): PeerAddress => ({ host: '192.0.2.1', port }));

const exchange: Peer['exchange'] = () => Promise.reject(new Error('nobody exchanges anything here'));

function watchThree() {
  const silent = new Set<number>();
  const unknown: string[] = [];
  const said: unknown[] = [];
  const watch = createPeerWatch({
    resolve: () => Promise.resolve({ addresses, unknown }),
    ask: ({ port }) =>
      silent.has(port)
        ? Promise.reject(new RegistryError('unavailable', `${port} is silent`))
        : // The last two addresses are those of one router.
          Promise.resolve({ id: `${Math.min(port, 2)}`, routers: 0, exchange }),
    onChecked: ({ answering, silent: silentNow }) => said.push([answering, silentNow]),
    onSilent: (found) => said.push(found),
    onAllAnswer: () => said.push('all answer'),
  });
  return { silent, unknown, said, watch };
}

test('finds each router once', async () => {
  const { watch } = watchThree();
  expect(await watch.findPeers()).toEqual([]);
  await watch.check();
  expect((await watch.findPeers()).map(({ id }) => id)).toEqual(['1', '2']);
});

test('reports silent peers once after two checks, and once that all answer again', async () => {
  const { watch, silent, unknown, said } = watchThree();
  silent.add(1);
  await watch.check();
  silent.clear();
  await watch.check();
  expect(said.splice(0)).toEqual([
    [1, 1],
    [2, 0],
  ]);
  silent.add(1);
  unknown.push('router-4');
  for (let times = 0; times < 3; times += 1) await watch.check();
  const short = { answering: 1, silent: 2 };
  expect(said.splice(0)).toEqual([[1, 2], [1, 2], { ...short, reason: 'router-4 cannot be looked up' }, [1, 2]]);
  unknown.pop();
  silent.clear();
  for (let times = 0; times < 2; times += 1) await watch.check();
  expect(said).toEqual([[2, 0], 'all answer', [2, 0]]);
});
