import { createHmac } from 'node:crypto';
import { createHmacOf } from './hmac.ts';
import type { KeyRing, SigningKey } from './key-ring.ts';

/** Length in base64url characters: 72 bits. The probability that any two of a million users have the same id is about 1 in 10⁹. */
const idLength = 12;

/** A constant for this purpose only. So ids are unrelated to the signatures of credentials with the same secret. */
const purpose = 'turn-router opaque user id v1';

/**
 * Creates the function that maps a user to its opaque user id. TURN servers see only this id. A user is any string to which quotas apply,
 * such as a user id or an address prefix. The same user and key always give the same id. Without the key, the id reveals nothing about the
 * user.
 *
 * @returns a function from a user to twelve characters of `[A-Za-z0-9_-]`
 */
export function createOpaqueUserId(key: SigningKey): (user: string) => string {
  const hmac = createHmacOf('sha256', createHmac('sha256', key.secret).update(purpose).digest());
  return (user) => hmac(user, 'base64url').slice(0, idLength);
}

/**
 * Creates the function that returns all opaque user ids that a user may have on TURN servers: one for each key of the ring. An id is derived
 * from the key that was first in the ring when the credential was issued. A relay with an older id can still run after a rotation of keys.
 */
export function createTurnUsers({ keys }: KeyRing): (user: string) => string[] {
  const idOfKey = keys.map(createOpaqueUserId);
  return (user) => idOfKey.map((idOf) => idOf(user));
}
