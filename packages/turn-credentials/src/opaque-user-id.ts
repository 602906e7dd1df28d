import { createHmac } from 'node:crypto';
import { createHmacOf } from './hmac.ts';
import type { KeyRing, SigningKey } from './key-ring.ts';

/** Of base64url, hence 72 bits; two of a million users collide with a chance of 1 in 10⁹. */
const idLength = 12;

/** Sets this use of the secret apart from signing credentials with it. */
const purpose = 'turn-router opaque user id v1';

/**
 * Gives each subject (whoever the quota is for, such as a user's id or an address prefix; any string) the name under which TURN servers
 * know it: always the same for one subject and key, telling nothing of the subject to who lacks the key.
 *
 * @returns a function from a subject to twelve characters of `[A-Za-z0-9_-]`
 */
export function createOpaqueUserId(key: SigningKey): (subject: string) => string {
  const hmac = createHmacOf('sha256', createHmac('sha256', key.secret).update(purpose).digest());
  return (subject) => hmac(subject, 'base64url').slice(0, idLength);
}

/**
 * Tells under which names TURN servers may know a subject: one for each key of the ring, as relays outlive a rotation, and a user's name
 * comes of the key that was the first when the credential was issued.
 */
export function createTurnUsers({ keys }: KeyRing): (subject: string) => string[] {
  const userOfKey = keys.map(createOpaqueUserId);
  return (subject) => userOfKey.map((userOf) => userOf(subject));
}
