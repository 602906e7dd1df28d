import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { StunServer } from '../stun-server.ts';
import type { MessageTransport, TransportEvents } from './transport.ts';
import { unreachable } from './transport-faults.ts';

/**
 * Opens a connected UDP socket. So the kernel passes only datagrams of this server, and reports ICMP errors (RFC 8489 §6.2.1). If a name has
 * several addresses, the first address is used.
 *
 * @throws StunError `unreachable`, or the signal's reason
 */
export async function openUdpTransport(
  server: StunServer,
  signal: AbortSignal,
  events: TransportEvents,
): Promise<MessageTransport> {
  const { address, family } = await abortable(lookup(server.host), signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreachable(error);
  });
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  socket.on('error', (error) => events.onFailure(unreachable(error)));
  socket.on('message', (datagram) => events.onFrame(datagram));
  try {
    socket.connect(server.port, address);
    await once(socket, 'connect', { signal });
  } catch (error) {
    await close(socket);
    signal.throwIfAborted();
    throw unreachable(error);
  }
  return {
    reliable: false,
    send: (frame) =>
      socket.send(frame, (error) => {
        if (error !== null) events.onFailure(unreachable(error));
      }),
    [Symbol.asyncDispose]: () => close(socket),
  };
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

/** Settles in the same way as `promise`. If the signal fires first, rejects with the signal's reason. It is for work that cannot be aborted. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
