import type { KeyRing } from './key-ring.ts';
import { createOpaqueUserId } from './opaque-user-id.ts';

/**
 * Tells under which names TURN servers may know a subject: one for each key of the ring, as relays outlive a rotation, and a user's name
 * comes of the key that was the first when the credential was issued.
 */
export function createTurnUsers({ keys }: KeyRing): (subject: string) => string[] {
  const userOfKey = keys.map(createOpaqueUserId);
  return (subject) => userOfKey.map((userOf) => userOf(subject));
}
