import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOpaqueUserId } from './opaque-user-id.ts';

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
