import { attributeTypes } from './attribute-type.ts';
import { computeFingerprint } from './fingerprint.ts';
import { headerBytes, magicCookie } from './message-header.ts';
import { computeIntegrity } from './message-integrity.ts';
import { encodeMessageType } from './message-type.ts';
import type { StunAttribute, StunMessage } from './stun-message.ts';

/**
 * Encodes a message (RFC 8489 §5). Adds MESSAGE-INTEGRITY if there is a key, and always FINGERPRINT.
 *
 * @param integrityKey the key of the long-term mechanism, see `longTermKey`
 */
export function encodeMessage(message: StunMessage, integrityKey?: Uint8Array): Uint8Array {
  const parts = [Buffer.alloc(headerBytes), ...message.attributes.map(encodeAttribute)];
  if (integrityKey !== undefined) {
    const value = computeIntegrity(withHeader(message, parts), integrityKey);
    parts.push(encodeAttribute({ type: attributeTypes.messageIntegrity, value }));
  }
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE(computeFingerprint(withHeader(message, parts)));
  parts.push(encodeAttribute({ type: attributeTypes.fingerprint, value: fingerprint }));
  return withHeader(message, parts);
}

/** Joins the parts. Writes the header, with their length, at the start. */
function withHeader({ messageClass, method, transactionId }: StunMessage, parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  bytes.writeUInt16BE(encodeMessageType(messageClass, method), 0);
  bytes.writeUInt16BE(bytes.length - headerBytes, 2);
  bytes.writeUInt32BE(magicCookie, 4);
  bytes.set(transactionId, 8);
  return bytes;
}

/** Encodes an attribute (RFC 8489 §14): type, length without padding, value, and zeros up to a multiple of 4 bytes. */
function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}
