import { connect } from 'node:net';
import { once } from 'node:events';
import type { StunServer } from '../stun-server.ts';
import { streamTransport } from './stream-transport.ts';
import type { MessageTransport, TransportEvents } from './transport.ts';
import { unreachable } from './transport-faults.ts';

/**
 * RFC 8489 §6.2.2. A name's addresses are tried in turn, IPv6 and IPv4 (Node's own choice).
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
