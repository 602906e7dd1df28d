import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { opaqueUserId } from './opaque-user-id.ts';

const north = { id: 'north', secret: 'north-secret-of-2026' };
const south = { id: 'south', secret: 'south-secret-of-2026' };

describe('opaqueUserId', () => {
  test('is the known keyed hash', () => {
    expect(opaqueUserId('user:alice', north)).toBe('zYyRUCS-byUp');
  });

  test('fits a TURN username whatever the subject, and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (subject) => {
        expect(opaqueUserId(subject, north)).toMatch(/^[A-Za-z0-9_-]{12}$/);
        expect(opaqueUserId(subject, north)).toBe(opaqueUserId(subject, north));
      }),
    );
  });

  test('differs by subject and by key', () => {
    const ids = [opaqueUserId('alice', north), opaqueUserId('bob', north), opaqueUserId('alice', south)];
    expect(new Set(ids).size).toBe(3);
  });
});
