import { attributeTypes } from './attribute-type.ts';
import { malformed } from './malformed.ts';
import { readText, requireAttribute } from './read-attributes.ts';
import type { StunMessage } from './stun-message.ts';

/** The code, 300–699, and the server's reason phrase. */
export type ErrorCode = { readonly code: number; readonly reason: string };

/** The codes that the long-term mechanism handles (RFC 8489 §14.8). */
export const unauthenticated = 401;
export const staleNonce = 438;

/** Reads the ERROR-CODE of an error response. @throws StunError `malformed` if it is missing or invalid */
export function readErrorCode(message: StunMessage): ErrorCode {
  const value = requireAttribute(message, attributeTypes.errorCode, 'ERROR-CODE');
  const [, , hundreds = 0, number = 100] = value;
  const code = (hundreds & 0x07) * 100 + number;
  if (number > 99 || code < 300 || code > 699) throw malformed('ERROR-CODE is not from 300 to 699');
  return { code, reason: readText(value.subarray(4)) };
}

/** RFC 8489 §14.8. */
export function encodeErrorCode({ code, reason }: ErrorCode): Uint8Array {
  return Buffer.concat([Buffer.from([0, 0, Math.floor(code / 100), code % 100]), Buffer.from(reason)]);
}
