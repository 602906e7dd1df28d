import { createHmac } from 'node:crypto';
import type { SigningKey } from './key-ring.ts';

/** 72 bits: twelve characters of base64url; two of a million users collide with a chance of 1 in 10⁹. */
const idBytes = 9;

/** Sets this use of the secret apart from signing credentials with it. */
const purpose = 'turn-router opaque user id v1';

/**
 * The name under which TURN servers know a user: always the same for one subject and key, telling nothing of the subject to who
 * lacks the key.
 *
 * @param subject whoever the quota is for, such as a user's id or an address prefix; any string
 * @returns twelve characters of `[A-Za-z0-9_-]`
 */
export function opaqueUserId(subject: string, key: SigningKey): string {
  const derivedKey = createHmac('sha256', key.secret).update(purpose).digest();
  return createHmac('sha256', derivedKey).update(subject).digest().subarray(0, idBytes).toString('base64url');
}
