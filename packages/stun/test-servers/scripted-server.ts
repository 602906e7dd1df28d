import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { eventually } from '@turn-router/testing';
import type { StunServer } from '../src/index.ts';
import { decodeMessage, type ReceivedMessage } from '../src/message/decode-message.ts';

const soon = { timeoutMs: 1_000, everyMs: 5 };

/** Returns the replies to a request; `requestCount` counts from 1. */
export type Reply = (request: ReceivedMessage, requestCount: number) => readonly Uint8Array[];

/** A server on loopback that sends the replies of a test. Disposing it asserts that its clients have left no socket open. */
export type ScriptedServer = AsyncDisposable & { readonly server: StunServer; readonly requests: ReceivedMessage[] };

export function openSocketCount(): number {
  return process.getActiveResourcesInfo().filter((name) => /UDP|TCP|TLS/.test(name)).length;
}

export async function untilSocketsAreClosed(socketsBefore: number): Promise<void> {
  await eventually('the sockets to close', () => openSocketCount() <= socketsBefore, soon);
}

export async function startUdp(reply: Reply): Promise<ScriptedServer> {
  const socketsBefore = openSocketCount();
  const socket = createSocket('udp4');
  const requests: ReceivedMessage[] = [];
  socket.on('message', (packet, { port, address }) => {
    const request = decodeMessage(packet);
    requests.push(request);
    for (const answer of reply(request, requests.length)) socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: { host: '127.0.0.1', port: socket.address().port, transport: 'udp' },
    requests,
    async [Symbol.asyncDispose]() {
      socket.close();
      await untilSocketsAreClosed(socketsBefore);
    },
  };
}

/** Starts a stream server for faults below STUN; it does not speak TLS. */
export async function startStream(transport: 'tcp' | 'tls', onConnection: (socket: Socket) => void) {
  const socketsBefore = openSocketCount();
  const connections: Socket[] = [];
  const listener = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => {}).resume();
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const server: StunServer = { host: '127.0.0.1', port: address.port, transport };
  return {
    server,
    async [Symbol.asyncDispose]() {
      await eventually('the clients to hang up', () => connections.every(({ closed }) => closed), soon);
      listener.close();
      await untilSocketsAreClosed(socketsBefore);
    },
  };
}

/** Starts a TCP server; it relies on a message over loopback arriving in one piece. */
export async function startTcp(reply: Reply): Promise<ScriptedServer> {
  const requests: ReceivedMessage[] = [];
  const stream = await startStream('tcp', (socket) =>
    socket.on('data', (packet) => {
      const request = decodeMessage(packet);
      requests.push(request);
      for (const answer of reply(request, requests.length)) socket.write(answer);
    }),
  );
  return { ...stream, requests };
}
