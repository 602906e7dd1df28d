import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** `hangs`: accepts connections and sends nothing. `drips`: sends the head of an HTTP response, and then one byte of the body at a time, for ever. */
export type Slowness = 'hangs' | 'drips';

export interface SlowServer extends AsyncDisposable {
  readonly port: number;
  /** Returns the number of open connections. */
  readonly connections: () => number;
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 29 Nov 2026 08:00:00 GMT\r\n\r\n';

/** The time between two bytes, ms. */
const dripMs = 20;

/** Starts a TCP server that never completes a response. */
export async function startSlowServer(slowness: Slowness): Promise<SlowServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    if (slowness === 'drips') socket.write(head);
    const drip = slowness === 'drips' ? setInterval(() => socket.write(' '), dripMs) : undefined;
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      sockets.delete(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('expected the server to listen on a port');
  return {
    port: address.port,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
