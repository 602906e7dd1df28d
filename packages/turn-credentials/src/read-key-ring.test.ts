import { describe, expect, test } from '@jest/globals';
import { readKeyRing } from './read-key-ring.ts';

const north = 'north-secret-of-2026';
const south = 'south-secret-of-2026';

describe('readKeyRing', () => {
  test('reads TURN_SECRETS or TURN_SECRET', () => {
    expect(readKeyRing({ TURN_SECRETS: `b=${south},a=${north}`, TURN_SECRET: '' })).toEqual({
      keyRing: {
        keys: [
          { id: 'b', secret: south },
          { id: 'a', secret: north },
        ],
      },
      faults: [],
    });
    expect(readKeyRing({ TURN_SECRETS: undefined, TURN_SECRET: north })).toEqual({
      keyRing: { keys: [{ id: 'default', secret: north }] },
      faults: [],
    });
  });

  test.each([
    ['unset values', {}, []],
    [
      'a ring without ids',
      { TURN_SECRETS: north },
      ['TURN_SECRETS: entry 1: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"'],
    ],
    [
      'a short secret',
      { TURN_SECRET: 'hush-hush' },
      ['TURN_SECRET: the secret has 9 characters: expected at least 16'],
    ],
  ])('returns no ring from %s', (_title, values, lines) => {
    const { keyRing, faults } = readKeyRing(values);
    expect(keyRing).toBe(undefined);
    expect(faults.map(({ field, detail }) => `${field}: ${detail}`)).toEqual(lines);
  });
});
