import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KeyRing } from './key-ring.ts';
import { createOpaqueUserId, createTurnUsers } from './opaque-user-id.ts';

const underNorth = createOpaqueUserId({ id: 'north', secret: 'north-secret-of-2026' });
const underSouth = createOpaqueUserId({ id: 'south', secret: 'south-secret-of-2026' });

describe('createOpaqueUserId', () => {
  test('is the known keyed hash', () => {
    expect(underNorth('user:alice')).toBe('zYyRUCS-byUp');
  });

  test('fits a TURN username whatever the subject, and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (subject) => {
        expect(underNorth(subject)).toMatch(/^[A-Za-z0-9_-]{12}$/);
        expect(underNorth(subject)).toBe(createOpaqueUserId({ id: 'n', secret: 'north-secret-of-2026' })(subject));
      }),
    );
  });

  test('differs by subject and by key', () => {
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

test('a subject has a name by each key of the ring, the first one first', () => {
  const turnUsersOf = createTurnUsers(ring);
  for (const subject of ['user:alice', 'address:192.0.2.1/32']) {
    expect(turnUsersOf(subject)).toEqual(ring.keys.map((key) => createOpaqueUserId(key)(subject)));
  }
});
