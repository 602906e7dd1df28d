import { describe, expect, test } from '@jest/globals';
import { freePort, startCoturn } from '@turn-router/testing';
import { askNodeByStun, createAskNodeByStun } from './ask-node-by-stun.ts';

const { signal } = new AbortController();
const everywhere = { signal, isPermitted: () => true };
const recordOf = (port: number, host: { public_ip?: string; public_ipv6?: string; hostname?: string }) => ({
  key: { region: 'eu-central-1', id: 'node-01' },
  report: { status: 'healthy', cpu: 1, bandwidth_mbps: 1, ...host, port } as const,
});
const recordAt = (port: number) => recordOf(port, { public_ip: '127.0.0.1' });

test.each([
  ['answers each Binding', []],
  ['asks for credentials first', ['secure-stun']],
  ['ignores each Binding', ['no-stun']],
])('a real coturn that %s is alive', async (_, config) => {
  await using coturn = await startCoturn({ secrets: ['north-secret-of-2026'], config });
  expect(await askNodeByStun(recordAt(coturn.port), everywhere)).toBe(true);
  expect(await askNodeByStun(recordOf(coturn.port, { hostname: 'localhost' }), everywhere)).toBe(true);
  expect(await askNodeByStun(recordAt(coturn.port), { signal, isPermitted: () => false })).toBe(false);
});

test('a port without a server is not alive', async () => {
  expect(await askNodeByStun(recordAt(await freePort()), everywhere)).toBe(false);
});

test('a name that does not exist is not alive', async () => {
  expect(await askNodeByStun(recordOf(3478, { hostname: 'turn.invalid' }), everywhere)).toBe(false);
});

const isPermitted = ({ address }: { address: string }) => !address.startsWith('169.254.') && address !== '127.0.0.1';

describe('the address that is dialled', () => {
  test.each<[host: object, addresses: string[] | Error, dialled: string[]]>([
    [{ public_ip: '192.0.2.1', hostname: 'turn.test' }, [], ['192.0.2.1']],
    [{ public_ipv6: '2001:db8::1' }, [], ['2001:db8::1']],
    [{ public_ip: '169.254.169.254' }, [], []],
    [{ hostname: 'turn.test' }, ['192.0.2.7', '192.0.2.8'], ['192.0.2.7']],
    [{ hostname: 'turn.test' }, ['169.254.169.254'], []],
    [{ hostname: 'turn.test' }, ['127.0.0.1', '192.0.2.8'], ['192.0.2.8']],
    [{ hostname: 'turn.test' }, new Error('no such name'), []],
    [{}, [], []],
  ])('of %j at %j is %j', async (host, addresses, expected) => {
    const dialled: string[] = [];
    const ask = createAskNodeByStun({
      lookup: () => (addresses instanceof Error ? Promise.reject(addresses) : Promise.resolve(addresses)),
      answers: ({ host: address }) => {
        dialled.push(address);
        return Promise.resolve(true);
      },
    });
    expect(await ask(recordOf(3478, host), { signal, isPermitted })).toBe(expected.length > 0);
    expect(dialled).toEqual(expected);
  });
});
