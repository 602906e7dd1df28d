import type { Endpoint } from './redis-target.ts';
import { RedisUrlFault } from './redis-url-fault.ts';

/** A name or an IPv4 address, or an IPv6 address in brackets (RFC 3986, section 3.2.2); then perhaps a port. */
const endpointPattern = /^(?:\[(?<ipv6>[0-9A-Fa-f:.%]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$/;

/** @throws RedisUrlFault */
export function parseEndpoint(text: string, defaultPort: number): Endpoint {
  const groups = endpointPattern.exec(text)?.groups;
  const host = groups?.['ipv6'] ?? groups?.['name'];
  if (host === undefined) throw new RedisUrlFault(text === '' ? 'no host' : 'not a host, or not a host with a port');
  const port = Number(groups?.['port'] ?? defaultPort);
  if (port < 1 || port > 65_535) throw new RedisUrlFault('a port is not between 1 and 65535');
  return { host, port };
}

/**
 * Reads `host:port,host:port`.
 *
 * @throws RedisUrlFault
 */
export function parseEndpoints(text: string, defaultPort: number): Endpoint[] {
  return text.split(',').map((part) => parseEndpoint(part, defaultPort));
}
