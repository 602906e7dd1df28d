import { isUnknownAndRequired } from '../message/attribute-type.ts';
import type { ReceivedMessage } from '../message/decode-message.ts';
import { isIntegrityValid } from '../message/message-integrity.ts';

/**
 * What to make of a message that carries a request's transaction id:
 * `ignore` is no answer at all; `discard` is as if never received, but remembered as violated integrity
 * (RFC 8489 §9.2.5); `unusable` ends the transaction (RFC 8489 §6.3.3).
 */
export type Judgement =
  | { readonly verdict: 'accept' }
  | { readonly verdict: 'ignore' }
  | { readonly verdict: 'discard' | 'unusable'; readonly fault: string };

/**
 * An error response need not be signed: before a server knows the user it cannot sign, and all that a forged one can do
 * is what a dropped packet does too. A success has to be.
 */
export function judgeAnswer(
  answer: ReceivedMessage,
  request: { method: number; integrityKey: Uint8Array | undefined },
): Judgement {
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
