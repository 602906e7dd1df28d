import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from '../observe/logger.ts';
import { knownForwardingHeaders, readHopsOf } from './client-address-header.ts';
import { clientAddress, normaliseAddress, truncatedAddress } from './client-address.ts';
import type { IsTrustedProxy } from './trusted-proxies.ts';

/**
 * Returns the client address of a request, in the form of `clientAddress`.
 *
 * @param remoteAddress the address at the other end of the connection
 */
export type ReadClientAddress = (remoteAddress: string | undefined, headers: IncomingHttpHeaders) => string | undefined;

export type ClientAddressParts = {
  readonly isTrustedProxy: IsTrustedProxy;
  /** The only header that is believed, in lower case. */
  readonly header: string;
  readonly logger: Pick<Logger, 'warn'>;
};

/** Believes no header. */
export const readRemoteAddress: ReadClientAddress = (remoteAddress) =>
  clientAddress(remoteAddress, undefined, () => false);

/**
 * Creates the reader. From a trusted proxy it believes one header. If the headers show that the settings do not match the proxies, it warns, once
 * for each kind of mismatch.
 */
export function createClientAddressReader(parts: ClientAddressParts): ReadClientAddress {
  const { isTrustedProxy, header } = parts;
  const readHops = readHopsOf(header);
  const warn = createMismatchWarnings(parts);
  return (remoteAddress, headers) => {
    const written = headers[header];
    // Node joins the lines of a repeated field with commas. Only set-cookie, which no proxy sends, is a list.
    const value = typeof written === 'string' ? written : undefined;
    const client = clientAddress(remoteAddress, value, isTrustedProxy, readHops);
    const direct = normaliseAddress(remoteAddress ?? '');
    if (direct === undefined) return client;
    if (!isTrustedProxy(direct)) warn.untrusted(direct, headers);
    else if (value === undefined) warn.missing(headers);
    else if (client === direct && normaliseAddress(readHops(value).at(-1) ?? '') === undefined) warn.unreadable();
    return client;
  };
}

function knownHeaderAmong(headers: IncomingHttpHeaders): string | undefined {
  return knownForwardingHeaders.find((name) => headers[name] !== undefined);
}

function createMismatchWarnings({ header, logger }: Pick<ClientAddressParts, 'header' | 'logger'>) {
  const said = { untrusted: false, missing: false, unreadable: false };
  return {
    untrusted(remoteAddress: string, headers: IncomingHttpHeaders): void {
      if (said.untrusted) return;
      const seen = headers[header] === undefined ? knownHeaderAmong(headers) : header;
      if (seen === undefined) return;
      said.untrusted = true;
      logger.warn(
        { event: 'client_address.peer_untrusted', seen, network: truncatedAddress(remoteAddress) },
        'a peer outside TRUSTED_PROXIES sends a forwarding header: the address of the peer is the client address',
      );
    },
    missing(headers: IncomingHttpHeaders): void {
      if (said.missing) return;
      const seen = knownHeaderAmong(headers);
      if (seen === undefined) return;
      said.missing = true;
      logger.warn(
        { event: 'client_address.header_missing', seen, expected: header },
        'a trusted proxy does not send CLIENT_ADDRESS_HEADER, but another forwarding header: the address of the proxy is the client address',
      );
    },
    unreadable(): void {
      if (said.unreadable) return;
      said.unreadable = true;
      logger.warn(
        { event: 'client_address.header_unreadable', header },
        'CLIENT_ADDRESS_HEADER of a trusted proxy does not hold exactly one address where the proxy writes it: the address of the proxy is the client address',
      );
    },
  };
}
