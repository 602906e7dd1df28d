import { crc32 } from 'node:zlib';
import { headerBytes } from './message-header.ts';

/** The constant of RFC 8489 §14.7: "STUN" in ASCII. */
const fingerprintXor = 0x5354554e;

/** The length of the FINGERPRINT attribute: its header and one 32-bit number (RFC 8489 §14.7). */
export const fingerprintAttributeBytes = 8;

/** Computes the fingerprint: a CRC-32 over the message before its FINGERPRINT attribute. The length in the header includes this attribute (RFC 8489 §14.7). */
export function computeFingerprint(bytesBefore: Uint8Array): number {
  const covered = Uint8Array.from(bytesBefore);
  new DataView(covered.buffer).setUint16(2, covered.length + fingerprintAttributeBytes - headerBytes);
  return (crc32(covered) ^ fingerprintXor) >>> 0;
}
