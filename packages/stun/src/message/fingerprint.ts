import { crc32 } from 'node:zlib';
import { headerBytes } from './message-header.ts';

/** RFC 8489 §14.7: "STUN" in ASCII. */
const fingerprintXor = 0x5354554e;

/** RFC 8489 §14.7: the attribute's header and one 32-bit number. */
export const fingerprintAttributeBytes = 8;

/** CRC-32 over the message up to its FINGERPRINT attribute, with a header length that includes it (RFC 8489 §14.7). */
export function computeFingerprint(bytesBefore: Uint8Array): number {
  const covered = Uint8Array.from(bytesBefore);
  new DataView(covered.buffer).setUint16(2, covered.length + fingerprintAttributeBytes - headerBytes);
  return (crc32(covered) ^ fingerprintXor) >>> 0;
}
