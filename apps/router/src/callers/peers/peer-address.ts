/** The address of a peer listener. `host` is an IP address, or a name that can resolve to several addresses. */
export type PeerAddress = { readonly host: string; readonly port: number };

/** Matches a name, an IPv4 address or an IPv6 address in brackets (RFC 3986 §3.2.2), and a port. */
const pattern = /^(?:\[(?<ipv6>[0-9A-Fa-f:.]+)\]|(?<name>[A-Za-z0-9._-]+)):(?<port>\d{1,5})$/;

/** Parses `host:port`. Returns undefined if the text has another form. */
export function parsePeerAddress(text: string): PeerAddress | undefined {
  const groups = pattern.exec(text)?.groups;
  const host = groups?.['ipv6'] ?? groups?.['name'];
  const port = Number(groups?.['port']);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}
