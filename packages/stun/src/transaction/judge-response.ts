import { isUnknownAndRequired } from '../message/attribute-type.ts';
import type { ReceivedMessage } from '../message/decode-message.ts';
import { isIntegrityValid } from '../message/message-integrity.ts';

/**
 * The result of the check of a message that has a request's transaction id.
 *
 * - `accept`: the message is the response.
 * - `ignore`: the message is not a response to the request.
 * - `discard`: the signature of the message is missing or wrong. The message counts as not received (RFC 8489 §9.2.5). If no valid response
 *   follows, the transaction fails with this fault.
 * - `unusable`: the message is the response, but it makes the transaction fail (RFC 8489 §6.3.3).
 */
export type ResponseVerdict =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'ignore' }
  | { readonly verdict: 'discard' | 'unusable'; readonly fault: string };

/**
 * Checks a message that has a request's transaction id. If the request was signed, a success response must be signed, too. An error response may
 * be unsigned, because a server cannot sign before it has identified the user. A forged error response does no more harm than a lost packet.
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
      return { verdict: 'discard', fault: 'the response has no MESSAGE-INTEGRITY' };
    }
    if (answer.signature !== undefined && !isIntegrityValid(answer.signature, integrityKey)) {
      return { verdict: 'discard', fault: "the response's MESSAGE-INTEGRITY is wrong" };
    }
  }
  const unknown = answer.attributes.find(({ type }) => isUnknownAndRequired(type));
  if (unknown !== undefined && answer.messageClass === 'success') {
    const name = `0x${unknown.type.toString(16).padStart(4, '0')}`;
    return {
      verdict: 'unusable',
      fault: `the response has the unknown attribute ${name}, which the client must understand`,
    };
  }
  return { verdict: 'accept' };
}
