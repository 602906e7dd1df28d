import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../fixtures/eventually.ts';
import { startFaultyProxy } from './faulty-proxy.ts';

/** Starts an echo server behind a proxy. */
async function startEcho() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy = await startFaultyProxy({ target: { port }, random: () => 0.5 });
  return {
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Connects a client that records the data it receives and the error that ends its connection. */
async function dial(port: number) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const pieces: string[] = [];
  const errors: (string | undefined)[] = [];
  socket.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
  socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
  const echoes = async (text: string) => {
    pieces.length = 0;
    socket.write(text);
    await eventually('the echo', () => pieces.join('') === text);
  };
  return { socket, pieces, errors, echoes, [Symbol.dispose]: () => void socket.destroy() };
}

describe('a faulty proxy', () => {
  test('forwards all data and counts connections when it has no fault', async () => {
    await using echo = await startEcho();
    using first = await dial(echo.proxy.port);
    using second = await dial(echo.proxy.port);
    await first.echoes('one');
    await second.echoes('x'.repeat(1_000_000));
    expect(echo.proxy.openConnections()).toBe(2);
    const [firstAtMs = NaN, secondAtMs = NaN] = echo.proxy.connectedAtMs();
    expect(secondAtMs).toBeGreaterThanOrEqual(firstAtMs);
    first.socket.end();
    await eventually('the connection to be closed', () => echo.proxy.openConnections() === 1);
  });

  test('delays data in both directions', async () => {
    await using echo = await startEcho();
    using client = await dial(echo.proxy.port);
    await echo.proxy.setFault({ kind: 'latency', latencyMs: 40, jitterMs: 20 });
    const startedAtMs = performance.now();
    await client.echoes('slow');
    // Timers may fire up to a millisecond early.
    expect(performance.now() - startedAtMs).toBeGreaterThan(98);
  });

  test('splits data into small pieces', async () => {
    await using echo = await startEcho();
    await echo.proxy.setFault({ kind: 'slices', bytes: 2 });
    using client = await dial(echo.proxy.port);
    await client.echoes('0123456789'.repeat(20));
    expect(client.pieces.length).toBeGreaterThan(2);
  });

  test('resets the open connections and accepts new ones', async () => {
    await using echo = await startEcho();
    using client = await dial(echo.proxy.port);
    await client.echoes('here');
    echo.proxy.resetConnections();
    await eventually('the reset', () => client.socket.closed);
    expect(client.errors).toEqual(['ECONNRESET']);
    using next = await dial(echo.proxy.port);
    await next.echoes('again');
  });

  test('refuses connections, then listens on the same port again', async () => {
    await using echo = await startEcho();
    using client = await dial(echo.proxy.port);
    await echo.proxy.setFault({ kind: 'refusal' });
    await eventually('the reset', () => client.socket.closed);
    using refused = await dial(echo.proxy.port);
    expect(refused.errors).toEqual(['ECONNREFUSED']);
    await echo.proxy.setFault({ kind: 'none' });
    using next = await dial(echo.proxy.port);
    await next.echoes('again');
  });

  test('discards all data as a black hole; the connections of that time stay dead afterwards, new ones work', async () => {
    await using echo = await startEcho();
    using before = await dial(echo.proxy.port);
    await before.echoes('alive');
    before.pieces.length = 0;
    await echo.proxy.setFault({ kind: 'black_hole' });
    using during = await dial(echo.proxy.port);
    before.socket.write('lost');
    during.socket.write('lost');
    expect(during.errors).toEqual([]);
    await echo.proxy.setFault({ kind: 'none' });
    using after = await dial(echo.proxy.port);
    before.socket.write('lost too');
    await after.echoes('alive');
    expect([before.pieces, during.pieces]).toEqual([[], []]);
    expect([before.socket.closed, during.socket.closed]).toEqual([false, false]);
  });
});
