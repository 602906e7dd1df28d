import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { freePort, startCoturn } from '@turn-router/testing';
import { answersStun } from './answers-stun.ts';

const server = (port: number) => ({ host: '127.0.0.1', port, transport: 'udp' }) as const;
const longTimeout = { timeoutMs: 30_000 };

test.each([['plain'], ['secure-stun'], ['no-stun']])(
  'a coturn with %s shows a sign of life at once',
  async (setting) => {
    await using coturn = await startCoturn({
      secrets: ['a-secret-of-the-tests'],
      config: [setting].filter((line) => line !== 'plain'),
    });
    expect(await answersStun(server(coturn.port), longTimeout)).toBe(true);
  },
);

test('a closed port, a silent port and one that answers no STUN show none', async () => {
  expect(await answersStun(server(await freePort()), longTimeout)).toBe(false);
  const other = createSocket('udp4').bind(0, '127.0.0.1');
  await once(other, 'listening');
  expect(await answersStun(server(other.address().port), { timeoutMs: 20 })).toBe(false);
  other.on('message', (_, { port, address }) => other.send('hello', port, address));
  expect(await answersStun(server(other.address().port), { timeoutMs: 100 })).toBe(false);
  other.close();
});

test('ends when its signal fires', async () => {
  expect(await answersStun(server(9), { ...longTimeout, signal: AbortSignal.abort() })).toBe(false);
});
