import { connect } from 'node:net';
import { once } from 'node:events';
import type { StunServer } from '../stun-server.ts';
import { streamTransport } from './stream-transport.ts';
import type { MessageTransport, TransportEvents } from './transport.ts';
import { unreachable } from './transport-faults.ts';

/**
 * Connects over TCP (RFC 8489 §6.2.2). If a name has several addresses, Node tries one after the other, IPv6 and IPv4.
 *
 * @throws StunError `unreachable`, or the signal's reason
 */
export async function openTcpTransport(
  { host, port }: StunServer,
  signal: AbortSignal,
  events: TransportEvents,
): Promise<MessageTransport> {
  const socket = connect({ host, port, noDelay: true });
  const transport = streamTransport(socket, events);
  try {
    await once(socket, 'connect', { signal });
    return transport;
  } catch (error) {
    await transport[Symbol.asyncDispose]();
    signal.throwIfAborted();
    throw unreachable(error);
  }
}
