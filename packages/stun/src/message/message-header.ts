import { malformed } from './malformed.ts';

/** RFC 8489 §5. */
export const headerBytes = 20;
export const magicCookie = 0x2112a442;
export const transactionIdBytes = 12;

/** The length of type, message length and cookie. These bytes of a header show whether a message starts, and how long it is. */
export const headerPrefixBytes = 8;

/**
 * Decodes the start of a header. The first two bits distinguish STUN from ChannelData (RFC 8489 §5, RFC 8656 §12).
 *
 * @returns the 14-bit message type, and the length of the message without its 20-byte header
 * @throws StunError `malformed`
 */
export function decodeHeader(bytes: Uint8Array): { type: number; bodyLength: number } {
  if (bytes.length < headerPrefixBytes) throw malformed(`${bytes.length} bytes are too short for a header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint16(0);
  if (type >= 0x4000) throw malformed('the first two bits are not zero');
  if (view.getUint32(4) !== magicCookie) throw malformed('the magic cookie is missing');
  const bodyLength = view.getUint16(2);
  if (bodyLength % 4 !== 0) throw malformed(`the length ${bodyLength} is not a multiple of 4`);
  return { type, bodyLength };
}
