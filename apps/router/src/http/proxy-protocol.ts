import type { Duplex } from 'node:stream';
import type { Logger } from '../observe/logger.ts';
import { ProblemError } from '../problem-error.ts';

/** The first bytes of a connection with PROXY protocol: version 1 and version 2 (HAProxy, proxy-protocol.txt §2). */
const signatures = [Buffer.from('PROXY '), Buffer.from('\r\n\r\n\0\r\nQUIT\n')];

/**
 * Whether a connection begins with a PROXY protocol header. The router does not read this protocol: a header of HTTP carries the same address, and
 * every proxy that speaks HTTP can send one.
 *
 * @param error of the HTTP parser, with the bytes that it was reading
 */
export function beginsWithProxyProtocol(
  { rawPacket }: { readonly rawPacket?: Buffer },
  socket: Duplex & { readonly bytesRead?: number },
): boolean {
  if (rawPacket === undefined || socket.bytesRead !== rawPacket.length) return false;
  return signatures.some((signature) => rawPacket.subarray(0, signature.length).equals(signature));
}

export function proxyProtocolProblem(): ProblemError {
  return new ProblemError(
    'invalid_request',
    'The connection begins with a PROXY protocol header, which the router does not read: expected HTTP. Turn PROXY protocol off at the proxy, and let it send the client address in the header that CLIENT_ADDRESS_HEADER names',
  );
}

/** Returns a function that warns once. */
export function createProxyProtocolWarning(logger: Pick<Logger, 'warn'>): () => void {
  let isSaid = false;
  return () => {
    if (isSaid) return;
    isSaid = true;
    logger.warn(
      { event: 'client_address.proxy_protocol' },
      'a proxy sends a PROXY protocol header: the router refuses its connections',
    );
  };
}
