import { createHmac, timingSafeEqual } from 'node:crypto';
import { headerBytes } from './message-header.ts';

/** The length of an HMAC-SHA1 (RFC 8489 §14.5). */
export const integrityBytes = 20;

/** A received message and the offset of its MESSAGE-INTEGRITY attribute. The length of the attribute is already checked. */
export type SignedBytes = { readonly bytes: Uint8Array; readonly integrityOffset: number };

/**
 * Computes the HMAC-SHA1 over the message before its MESSAGE-INTEGRITY attribute. For this computation, the header has the length of a message
 * that ends right after MESSAGE-INTEGRITY (RFC 8489 §14.5).
 */
export function computeIntegrity(bytesBefore: Uint8Array, key: Uint8Array): Uint8Array {
  const covered = Uint8Array.from(bytesBefore);
  new DataView(covered.buffer).setUint16(2, covered.length + 4 + integrityBytes - headerBytes);
  return createHmac('sha1', key).update(covered).digest();
}

/** Whether the signature was made with `key`. */
export function isIntegrityValid({ bytes, integrityOffset }: SignedBytes, key: Uint8Array): boolean {
  const received = bytes.subarray(integrityOffset + 4, integrityOffset + 4 + integrityBytes);
  return timingSafeEqual(received, computeIntegrity(bytes.subarray(0, integrityOffset), key));
}
