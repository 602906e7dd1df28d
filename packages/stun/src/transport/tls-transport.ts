import { once } from 'node:events';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import type { StunServer } from '../stun-server.ts';
import { streamTransport } from './stream-transport.ts';
import type { MessageTransport, TransportEvents } from './transport.ts';
import { tlsFault, unreachable } from './transport-faults.ts';

/**
 * Connects over TLS (RFC 8489 §6.2.3). A trusted authority must have signed the certificate. The certificate must contain `serverName` (default:
 * `host`) as a subject alternative name, as browsers require.
 *
 * @throws StunError `unreachable`, `tls`, or the signal's reason
 */
export async function openTlsTransport(
  { host, port, serverName = host, caCertificates }: StunServer,
  signal: AbortSignal,
  events: TransportEvents,
): Promise<MessageTransport> {
  const socket = connect({
    host,
    port,
    ...(caCertificates === undefined ? {} : { ca: caCertificates }),
    // SNI allows only names, and no IP addresses (RFC 6066 §3).
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, withoutCommonName(certificate)),
  });
  socket.setNoDelay(true);
  const transport = streamTransport(socket, events);
  let connected = false;
  socket.once('connect', () => {
    connected = true;
  });
  try {
    await once(socket, 'secureConnect', { signal });
    return { ...transport, certificateExpiresAtMs: Date.parse(socket.getPeerCertificate().valid_to) };
  } catch (error) {
    await transport[Symbol.asyncDispose]();
    signal.throwIfAborted();
    throw connected ? tlsFault(error) : unreachable(error);
  }
}

/** Node accepts the common name of a certificate without alternative names. Browsers do not (RFC 9525 §2). */
function withoutCommonName(certificate: PeerCertificate): PeerCertificate {
  return { ...certificate, subject: { ...certificate.subject, CN: '' } };
}
