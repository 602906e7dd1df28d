import { expect, test } from '@jest/globals';
import { freePort, startCoturn } from '@turn-router/testing';
import { askNodeByStun } from './ask-node-by-stun.ts';

const never = new AbortController().signal;
const recordAt = (port: number) => ({
  key: { region: 'eu-central-1', id: 'node-01' },
  report: { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '127.0.0.1', port } as const,
});

test.each([
  ['answers each Binding', []],
  ['asks for credentials first', ['secure-stun']],
  ['ignores each Binding', ['no-stun']],
])('a real coturn that %s is alive', async (_, config) => {
  await using coturn = await startCoturn({ secrets: ['north-secret-of-2026'], config });
  expect(await askNodeByStun(recordAt(coturn.port), never)).toBe(true);
});

test('a port without a server is not alive', async () => {
  expect(await askNodeByStun(recordAt(await freePort()), never)).toBe(false);
});
