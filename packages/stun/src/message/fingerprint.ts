import { crc32 } from 'node:zlib';
import { HEADER_LENGTH } from './message-header.ts';

/** RFC 8489 §14.7: "STUN" in ASCII. */
const FINGERPRINT_XOR = 0x5354554e;

/** RFC 8489 §14.7: the attribute's header and one 32-bit number. */
export const FINGERPRINT_ATTRIBUTE_LENGTH = 8;

/** CRC-32 over the message up to its FINGERPRINT attribute, with a header length that includes it (RFC 8489 §14.7). */
export function computeFingerprint(bytesBefore: Uint8Array): number {
  const covered = Uint8Array.from(bytesBefore);
  new DataView(covered.buffer).setUint16(2, covered.length + FINGERPRINT_ATTRIBUTE_LENGTH - HEADER_LENGTH);
  return (crc32(covered) ^ FINGERPRINT_XOR) >>> 0;
}
