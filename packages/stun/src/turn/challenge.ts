import { ATTRIBUTE } from '../message/attribute-type.ts';
import { malformed } from '../message/malformed.ts';
import { readExactText, requireAttribute } from '../message/read-attributes.ts';
import type { StunMessage } from '../message/stun-message.ts';

/** What the server wants named and signed; `nonce` is opaque. */
export type Challenge = { realm: string; nonce: Uint8Array };

/** RFC 8489 §14.9 and §14.10: at most 127 characters, 763 bytes in the encodings of RFC 5389. */
const LONGEST_VALUE_BYTES = 763;

/** @throws StunError `malformed` for a 401 or 438 that gives nothing to sign */
export function readChallenge(message: StunMessage): Challenge {
  const realm = requireAttribute(message, ATTRIBUTE.realm, 'REALM');
  const nonce = requireAttribute(message, ATTRIBUTE.nonce, 'NONCE');
  if (realm.length > LONGEST_VALUE_BYTES || nonce.length > LONGEST_VALUE_BYTES) {
    throw malformed(`REALM or NONCE is longer than ${LONGEST_VALUE_BYTES} bytes`);
  }
  return { realm: readExactText(realm, 'REALM'), nonce };
}
