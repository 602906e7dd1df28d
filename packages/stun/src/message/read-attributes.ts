import type { TransportAddress } from '../transport-address.ts';
import { attributeTypes } from './attribute-type.ts';
import { malformed } from './malformed.ts';
import { findAttribute, type StunMessage } from './stun-message.ts';
import { decodeXorAddress } from './xor-address.ts';

/** Matches the part of a text that is kept. RFC 8489 §14.14 and §14.8 allow fewer than 128 characters. */
const longestText = /^.{0,128}/u;

/** Returns an attribute that the response must have, such as NONCE. Throws `malformed` if it is missing. */
export function requireAttribute(message: StunMessage, type: number, name: string): Uint8Array {
  const value = findAttribute(message, type);
  if (value === undefined) throw malformed(`${name} is missing`);
  return value;
}

export function requireXorAddress(message: StunMessage, type: number, name: string): TransportAddress {
  return decodeXorAddress(requireAttribute(message, type, name), message.transactionId);
}

export function requireUint32(message: StunMessage, type: number, name: string): number {
  const value = requireAttribute(message, type, name);
  if (value.length !== 4) throw malformed(`${name} has ${value.length} bytes, expected 4`);
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
}

/** Reads untrusted text for messages. Never throws. Returns one line of at most 128 printable characters. */
export function readText(value: Uint8Array): string {
  const printable = new TextDecoder().decode(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '');
  return longestText.exec(printable)?.[0] ?? '';
}

/** Reads a text without any change, for computations with it, such as REALM. Throws `malformed` if it is not UTF-8. */
export function readExactText(value: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    throw malformed(`${name} is not UTF-8`);
  }
}

/** Returns SOFTWARE as an object to spread into a result. The object is empty if the server sent no SOFTWARE. */
export function readSoftware(message: StunMessage): { software?: string } {
  const value = findAttribute(message, attributeTypes.software);
  return value === undefined ? {} : { software: readText(value) };
}
