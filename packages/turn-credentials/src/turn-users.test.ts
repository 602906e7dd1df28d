import { expect, test } from '@jest/globals';
import type { KeyRing } from './key-ring.ts';
import { createOpaqueUserId } from './opaque-user-id.ts';
import { createTurnUsers } from './turn-users.ts';

const ring: KeyRing = {
  keys: [
    { id: 'new', secret: 'pW4-new-north-secret' },
    { id: 'old', secret: 'kJ8-old-north-secret' },
  ],
};

test('a subject has a name by each key of the ring, the first one first', () => {
  const turnUsersOf = createTurnUsers(ring);
  for (const subject of ['user:alice', 'address:192.0.2.1/32']) {
    expect(turnUsersOf(subject)).toEqual(ring.keys.map((key) => createOpaqueUserId(key)(subject)));
  }
});
