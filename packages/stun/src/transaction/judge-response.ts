import { isUnknownAndRequired } from '../message/attribute-type.ts';
import type { ReceivedMessage } from '../message/decode-message.ts';
import { isIntegrityValid } from '../message/message-integrity.ts';

/**
 * The verdict on a message that carries a request's transaction id.
 *
 * - `accept`: the message is the response.
 * - `ignore`: the message is not a response to the request.
 * - `discard`: the message counts as not received, but its violated integrity is remembered (RFC 8489 §9.2.5).
 * - `unusable`: the message ends the transaction (RFC 8489 §6.3.3).
 */
export type ResponseVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'ignore' }
  | { readonly verdict: 'discard' | 'unusable'; readonly fault: string };

/**
 * Judges a message. A success response must be signed. An error response need not be: a server cannot sign before it knows the user, and a
 * forged error does no more harm than a dropped packet.
 */
export function judgeResponse(
  answer: ReceivedMessage,
  request: { method: number; integrityKey: Uint8Array | undefined },
): ResponseVerdict {
  const isResponse = answer.messageClass === 'success' || answer.messageClass === 'error';
  if (!isResponse || answer.method !== request.method) return { verdict: 'ignore' };

  const { integrityKey } = request;
  if (integrityKey !== undefined) {
    if (answer.signature === undefined && answer.messageClass === 'success') {
      return { verdict: 'discard', fault: 'the answer carries no MESSAGE-INTEGRITY' };
    }
    if (answer.signature !== undefined && !isIntegrityValid(answer.signature, integrityKey)) {
      return { verdict: 'discard', fault: "the answer's MESSAGE-INTEGRITY does not match" };
    }
  }
  const unknown = answer.attributes.find(({ type }) => isUnknownAndRequired(type));
  if (unknown !== undefined && answer.messageClass === 'success') {
    const name = `0x${unknown.type.toString(16).padStart(4, '0')}`;
    return { verdict: 'unusable', fault: `the answer requires understanding of unknown attribute ${name}` };
  }
  return { verdict: 'accept' };
}
