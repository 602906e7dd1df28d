import type { StunServer } from '../stun-server.ts';
import { openTcpTransport } from './tcp-transport.ts';
import { openTlsTransport } from './tls-transport.ts';
import type { MessageTransport, TransportEvents } from './transport.ts';
import { openUdpTransport } from './udp-transport.ts';

type OpenTransport = (server: StunServer, signal: AbortSignal, events: TransportEvents) => Promise<MessageTransport>;

const openByName: Record<StunServer['transport'], OpenTransport> = {
  udp: openUdpTransport,
  tcp: openTcpTransport,
  tls: openTlsTransport,
};

/** @throws StunError `unreachable`, `tls`, or the signal's reason */
export function openTransport(
  server: StunServer,
  signal: AbortSignal,
  events: TransportEvents,
): Promise<MessageTransport> {
  return openByName[server.transport](server, signal, events);
}
