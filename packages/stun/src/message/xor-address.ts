import type { TransportAddress } from '../transport-address.ts';
import { bytesFromIpAddress, ipAddressFromBytes } from './ip-address-bytes.ts';
import { malformed } from './malformed.ts';
import { MAGIC_COOKIE } from './message-header.ts';

/** RFC 8489 §14.1, and RFC 8656 §18.6 for the family of a relayed address. */
export const FAMILY = { IPv4: 0x01, IPv6: 0x02 } as const;
const ADDRESS_LENGTH = { IPv4: 4, IPv6: 16 } as const;

/** The value of XOR-MAPPED-, XOR-RELAYED- or XOR-PEER-ADDRESS (RFC 8489 §14.2). */
export function encodeXorAddress({ address, port, family }: TransportAddress, transactionId: Uint8Array): Uint8Array {
  const plain = bytesFromIpAddress(address);
  if (plain.length !== ADDRESS_LENGTH[family]) throw new RangeError(`"${address}" is not an ${family} address`);
  const value = Buffer.alloc(4 + plain.length);
  value.writeUInt8(FAMILY[family], 1);
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  value.set(xorAddress(plain, transactionId), 4);
  return value;
}

/** @throws StunError `malformed` */
export function decodeXorAddress(value: Uint8Array, transactionId: Uint8Array): TransportAddress {
  const family = familyOf(value);
  if (family === undefined) throw malformed('an address is neither IPv4 nor IPv6, or has the wrong length');
  const port = new DataView(value.buffer, value.byteOffset).getUint16(2) ^ (MAGIC_COOKIE >>> 16);
  return { address: ipAddressFromBytes(xorAddress(value.subarray(4), transactionId)), port, family };
}

function familyOf(value: Uint8Array): TransportAddress['family'] | undefined {
  if (value[1] === FAMILY.IPv4 && value.length === 4 + ADDRESS_LENGTH.IPv4) return 'IPv4';
  if (value[1] === FAMILY.IPv6 && value.length === 4 + ADDRESS_LENGTH.IPv6) return 'IPv6';
  return undefined;
}

/** IPv4 is XORed with the magic cookie, IPv6 with the cookie followed by the transaction id. */
function xorAddress(address: Uint8Array, transactionId: Uint8Array): Uint8Array {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE);
  mask.set(transactionId, 4);
  return address.map((byte, index) => byte ^ (mask[index] ?? 0));
}
