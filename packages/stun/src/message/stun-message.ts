import type { MessageClass } from './message-type.ts';

/** An attribute: a type of RFC 8489 §18.3 or RFC 8656 §18, and a value without padding, at most 65535 bytes. */
export type StunAttribute = { readonly type: number; readonly value: Uint8Array };

/** RFC 8489 §5. */
export type StunMessage = {
  readonly messageClass: MessageClass;
  /** 12 bits. */
  readonly method: number;
  /** 12 bytes. */
  readonly transactionId: Uint8Array;
  /** The attributes in the order of the message, without MESSAGE-INTEGRITY and FINGERPRINT. The encoder and the decoder handle these two. */
  readonly attributes: readonly StunAttribute[];
};

/** Finds the first attribute of a type. Further attributes of this type are ignored (RFC 8489 §14). */
export function findAttribute(message: StunMessage, type: number): Uint8Array | undefined {
  return message.attributes.find((attribute) => attribute.type === type)?.value;
}
