import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that Linux hands out by itself, from 32768 on: between the drawing of a port and the start of its server a connection of some
 * other server would take it. Below those of relays, from 12000 on. And between those that browsers and `fetch` refuse (6697, 10080).
 */
const lowest = 7_000;
const highest = 9_999;

/** Several servers of a suite are given their ports before any of them starts. */
const drawn = new Set<number>();

/** Keeps ports from being drawn that are free now and will be taken later, by a server that is given them. */
export function keepForLater(...ports: readonly number[]): void {
  for (const port of ports) drawn.add(port);
}

/** A port of 127.0.0.1 that is free for TCP and for UDP at the moment of asking, and is not drawn again. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    // Every other one: some TURN servers listen on the next one too.
    const port = 2 * randomInt(lowest / 2, (highest + 1) / 2);
    if (drawn.has(port)) continue;
    drawn.add(port);
    if ((await isTcpPortFree(port)) && (await isUdpPortFree(port))) return port;
  }
  throw new Error(`no port from ${lowest} to ${highest} is free for both TCP and UDP on 127.0.0.1`);
}

async function isTcpPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function isUdpPortFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
