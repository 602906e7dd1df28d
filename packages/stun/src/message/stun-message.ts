import type { MessageClass } from './message-type.ts';

/** A type from RFC 8489 §18.3 or RFC 8656 §18 and its value without padding, at most 65535 bytes. */
export type StunAttribute = { readonly type: number; readonly value: Uint8Array };

/** RFC 8489 §5. */
export type StunMessage = {
  readonly messageClass: MessageClass;
  /** 12 bits. */
  readonly method: number;
  /** 12 bytes. */
  readonly transactionId: Uint8Array;
  /** In wire order, without MESSAGE-INTEGRITY and FINGERPRINT: those are the codec's business. */
  readonly attributes: readonly StunAttribute[];
};

/** RFC 8489 §14: of several attributes of one type only the first counts. */
export function findAttribute(message: StunMessage, type: number): Uint8Array | undefined {
  return message.attributes.find((attribute) => attribute.type === type)?.value;
}
