import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { TransportAddress } from '../transport-address.ts';
import { malformed } from './malformed.ts';
import { magicCookie } from './message-header.ts';

/** The numbers of the address families (RFC 8489 §14.1; for relayed addresses RFC 8656 §18.6). */
export const familyNumbers = { IPv4: 0x01, IPv6: 0x02 } as const;
const addressBytes = { IPv4: 4, IPv6: 16 } as const;

/** Encodes the value of XOR-MAPPED-, XOR-RELAYED- or XOR-PEER-ADDRESS (RFC 8489 §14.2). */
export function encodeXorAddress({ address, port, family }: TransportAddress, transactionId: Uint8Array): Uint8Array {
  const plain = bytesFromIpAddress(address);
  if (plain.length !== addressBytes[family]) throw new RangeError(`"${address}" is not an ${family} address`);
  const value = Buffer.alloc(4 + plain.length);
  value.writeUInt8(familyNumbers[family], 1);
  value.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  value.set(xorAddress(plain, transactionId), 4);
  return value;
}

/** Decodes an address. @throws StunError `malformed` */
export function decodeXorAddress(value: Uint8Array, transactionId: Uint8Array): TransportAddress {
  const family = familyOf(value);
  if (family === undefined) throw malformed('an address is neither IPv4 nor IPv6, or has the wrong length');
  const port = new DataView(value.buffer, value.byteOffset).getUint16(2) ^ (magicCookie >>> 16);
  return { address: ipAddressFromBytes(xorAddress(value.subarray(4), transactionId)), port, family };
}

function familyOf(value: Uint8Array): TransportAddress['family'] | undefined {
  if (value[1] === familyNumbers.IPv4 && value.length === 4 + addressBytes.IPv4) return 'IPv4';
  if (value[1] === familyNumbers.IPv6 && value.length === 4 + addressBytes.IPv6) return 'IPv6';
  return undefined;
}

/** IPv4 is XORed with the magic cookie, IPv6 with the cookie followed by the transaction id. */
function xorAddress(address: Uint8Array, transactionId: Uint8Array): Uint8Array {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(magicCookie);
  mask.set(transactionId, 4);
  return address.map((byte, index) => byte ^ (mask[index] ?? 0));
}

/** Returns the 4 or 16 bytes of an address in network order. Throws a RangeError for any other text, such as an address with a zone. */
export function bytesFromIpAddress(address: string): Uint8Array {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number);
  if (isIPv6(address) && !address.includes('%')) return bytesFromIpv6(address);
  throw new RangeError(`"${address}" is not an IP address; expected IPv4, or IPv6 without a zone`);
}

/** Returns the canonical text (RFC 5952 for IPv6) of 4 or 16 bytes. */
function ipAddressFromBytes(bytes: Uint8Array): string {
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
