import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** The 4 or 16 bytes of an address, in network order; a RangeError for what is neither, zones included. */
export function bytesFromIpAddress(address: string): Uint8Array {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number);
  if (isIPv6(address) && !address.includes('%')) return bytesFromIpv6(address);
  throw new RangeError(`"${address}" is not an IP address; expected IPv4, or IPv6 without a zone`);
}

/** Canonical text (RFC 5952 for IPv6) of 4 or 16 bytes. */
export function ipAddressFromBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, group) =>
    (((bytes[2 * group] ?? 0) << 8) | (bytes[2 * group + 1] ?? 0)).toString(16),
  );
  return new SocketAddress({ family: 'ipv6', address: groups.join(':') }).address;
}

function bytesFromIpv6(address: string): Uint8Array {
  const hexadecimal = address.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const [a = 0, b = 0, c = 0, d = 0] = tail.split('.').map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = [], tail] = hexadecimal.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const gap = tail === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  const bytes = Buffer.alloc(16);
  [...head, ...gap, ...(tail ?? [])].forEach((group, index) => bytes.writeUInt16BE(parseInt(group, 16), 2 * index));
  return bytes;
}
