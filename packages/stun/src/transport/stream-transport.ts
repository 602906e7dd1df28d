import type { Socket } from 'node:net';
import { StunError } from '../stun-error.ts';
import { createStreamFramer } from './stream-framer.ts';
import type { MessageTransport, TransportEvents } from './transport.ts';
import { unreachable } from './transport-faults.ts';

/** Creates the transport of a TCP or TLS socket. It splits the stream into messages, and handles the end of the connection. */
export function streamTransport(socket: Socket, events: TransportEvents): MessageTransport {
  const framer = createStreamFramer();
  socket.on('data', (chunk: Buffer) => {
    try {
      framer.push(chunk).forEach((frame) => events.onFrame(frame));
    } catch (error) {
      if (!(error instanceof StunError)) throw error;
      events.onFailure(error);
      socket.destroy();
    }
  });
  // The listener is never removed, because an error without a listener would end the process.
  socket.on('error', (error) => events.onFailure(unreachable(error)));
  socket.on('end', () => events.onFailure(new StunError('unreachable', 'the server closed the connection')));
  return {
    reliable: true,
    send: (frame) => {
      socket.write(frame);
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        if (socket.closed) return resolve();
        socket.once('close', () => resolve());
        socket.destroy();
      }),
  };
}
