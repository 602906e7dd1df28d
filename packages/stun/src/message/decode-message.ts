import { attributeTypes } from './attribute-type.ts';
import { computeFingerprint, fingerprintAttributeBytes } from './fingerprint.ts';
import { malformed } from './malformed.ts';
import { decodeHeader, headerBytes } from './message-header.ts';
import { integrityBytes, type SignedBytes } from './message-integrity.ts';
import { decodeMessageType } from './message-type.ts';
import type { StunAttribute, StunMessage } from './stun-message.ts';

/** A decoded message. `signature` is set if the message has MESSAGE-INTEGRITY. The signature is not yet verified; use `isIntegrityValid`. */
export type ReceivedMessage = StunMessage & { readonly signature: SignedBytes | undefined };

/**
 * Decodes one whole message from untrusted bytes. Verifies the FINGERPRINT, if the message has one. Omits other attributes after
 * MESSAGE-INTEGRITY, because the signature does not cover them (RFC 8489 §14.5).
 *
 * @param bytes exactly one message; the result uses the memory of these bytes
 * @throws only StunError `malformed`
 */
export function decodeMessage(bytes: Uint8Array): ReceivedMessage {
  if (bytes.length < headerBytes) throw malformed(`${bytes.length} bytes are too short for a header`);
  const { type, bodyLength } = decodeHeader(bytes);
  if (bytes.length !== headerBytes + bodyLength) {
    throw malformed(
      `the header gives a length of ${headerBytes + bodyLength} bytes, but the message has ${bytes.length} bytes`,
    );
  }
  return {
    ...decodeMessageType(type),
    transactionId: bytes.subarray(8, headerBytes),
    ...decodeBody(bytes),
  };
}

function decodeBody(bytes: Uint8Array): { attributes: StunAttribute[]; signature: SignedBytes | undefined } {
  const attributes: StunAttribute[] = [];
  let signature: SignedBytes | undefined;
  for (const { offset, type, value } of walkAttributes(bytes)) {
    if (type === attributeTypes.fingerprint) assertFingerprint(bytes, offset, value);
    else if (signature !== undefined) continue;
    else if (type === attributeTypes.messageIntegrity) signature = signatureAt(bytes, offset, value);
    else attributes.push({ type, value });
  }
  return { attributes, signature };
}

function* walkAttributes(bytes: Uint8Array): Generator<StunAttribute & { offset: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The body's length and every step are multiples of 4. So the header of an attribute is never cut.
  for (let offset = headerBytes; offset < bytes.length;) {
    const type = view.getUint16(offset);
    const length = view.getUint16(offset + 2);
    const end = offset + 4 + length;
    if (end > bytes.length)
      throw malformed(`attribute ${hex(type)} of ${length} bytes is longer than the rest of the message`);
    yield { offset, type, value: bytes.subarray(offset + 4, end) };
    offset = offset + 4 + Math.ceil(length / 4) * 4;
  }
}

function signatureAt(bytes: Uint8Array, integrityOffset: number, value: Uint8Array): SignedBytes {
  if (value.length !== integrityBytes) {
    throw malformed(`MESSAGE-INTEGRITY has ${value.length} bytes, expected ${integrityBytes}`);
  }
  return { bytes, integrityOffset };
}

function assertFingerprint(bytes: Uint8Array, offset: number, value: Uint8Array): void {
  if (value.length !== 4 || offset + fingerprintAttributeBytes !== bytes.length) {
    throw malformed('FINGERPRINT is not the last attribute, or is not 4 bytes long');
  }
  const received = new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
  if (received !== computeFingerprint(bytes.subarray(0, offset))) throw malformed('FINGERPRINT does not match');
}

function hex(type: number): string {
  return `0x${type.toString(16).padStart(4, '0')}`;
}
