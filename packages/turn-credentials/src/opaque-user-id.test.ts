import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KeyRing } from './key-ring.ts';
import { createOpaqueUserId, createTurnUsers } from './opaque-user-id.ts';

const underNorth = createOpaqueUserId({ id: 'north', secret: 'north-secret-of-2026' });
const underSouth = createOpaqueUserId({ id: 'south', secret: 'south-secret-of-2026' });

describe('createOpaqueUserId', () => {
  test('returns the expected keyed hash', () => {
    expect(underNorth('user:alice')).toBe('zYyRUCS-byUp');
  });

  test('returns a stable id that fits into a TURN username, for any user', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (user) => {
        expect(underNorth(user)).toMatch(/^[A-Za-z0-9_-]{12}$/);
        expect(underNorth(user)).toBe(createOpaqueUserId({ id: 'n', secret: 'north-secret-of-2026' })(user));
      }),
    );
  });

  test('returns different ids for different subjects and keys', () => {
    const ids = [underNorth('alice'), underNorth('bob'), underSouth('alice')];
    expect(new Set(ids).size).toBe(3);
  });
});

const ring: KeyRing = {
  keys: [
    { id: 'new', secret: 'pW4-new-north-secret' },
    { id: 'old', secret: 'kJ8-old-north-secret' },
  ],
};

test('createTurnUsers returns one id for each key of the ring, in the order of the ring', () => {
  const turnUsersOf = createTurnUsers(ring);
  for (const user of ['user:alice', 'address:192.0.2.1/32']) {
    expect(turnUsersOf(user)).toEqual(ring.keys.map((key) => createOpaqueUserId(key)(user)));
  }
});
