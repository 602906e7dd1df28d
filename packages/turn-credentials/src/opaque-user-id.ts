import { createHmac } from 'node:crypto';
import { createHmacOf } from './hmac.ts';
import type { KeyRing, SigningKey } from './key-ring.ts';

/** Characters of base64url: 72 bits. Any two of a million users collide with a probability of about 1 in 10⁹. */
const idLength = 12;

/** Separates this use of the secret from the signing of credentials. */
const purpose = 'turn-router opaque user id v1';

/**
 * Creates the function that maps a subject to its opaque user id, the name under which TURN servers know it. A subject is any string that
 * quotas count, such as a user id or an address prefix. The same subject and key always give the same id. Without the key, the id reveals
 * nothing about the subject.
 *
 * @returns a function from a subject to twelve characters of `[A-Za-z0-9_-]`
 */
export function createOpaqueUserId(key: SigningKey): (subject: string) => string {
  const hmac = createHmacOf('sha256', createHmac('sha256', key.secret).update(purpose).digest());
  return (subject) => hmac(subject, 'base64url').slice(0, idLength);
}

/**
 * Creates the function that returns all opaque user ids under which TURN servers may know a subject, one for each key of the ring. An id comes
 * from the key that was first when the credential was issued, and relays outlive a rotation of keys.
 */
export function createTurnUsers({ keys }: KeyRing): (subject: string) => string[] {
  const userOfKey = keys.map(createOpaqueUserId);
  return (subject) => userOfKey.map((userOf) => userOf(subject));
}
