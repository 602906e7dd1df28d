import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyRingFromSecret, keyRingText, parseKeyRing } from './key-ring.ts';

const north = 'north-secret-of-2026';
const south = 'c291dGgtc2VjcmV0LW9mLTIwMjY=';

describe('parseKeyRing', () => {
  test('keeps the order, newest first, and the = of base64 in a secret', () => {
    expect(parseKeyRing(`2026-11=${north}, 2026-05=${south}`)).toEqual({
      ok: true,
      keyRing: {
        keys: [
          { id: '2026-11', secret: north },
          { id: '2026-05', secret: south },
        ],
      },
    });
  });

  test('reads what keyRingText writes', () => {
    const text = `2026-11=${north},2026-05=${south}`;
    const parsed = parseKeyRing(text);
    expect(parsed.ok && keyRingText(parsed.keyRing)).toBe(text);
  });

  test.each([
    ['', ['entry 1: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"']],
    [north, ['entry 1: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"']],
    ['a=fifteen-chars--', ['entry 1 ("a"): the secret has 15 characters: expected at least 16']],
    [`a=with some spaces here`, ['entry 1 ("a"): the secret contains white space or a comma: expected neither']],
    [`a=${north},a=${south}`, ['entry 2: an earlier entry has the same id "a": expected unique ids']],
    [
      `A=${north},b=short`,
      [
        'entry 1: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"',
        'entry 2 ("b"): the secret has 5 characters: expected at least 16',
      ],
    ],
  ])('reports every fault of %j', (text, faults) => {
    expect(parseKeyRing(text)).toEqual({ ok: false, faults });
  });

  test('never puts a secret into a fault, even without an id', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z]{4}[A-Za-z0-9+/ ]{5,40}$/),
        fc.constantFrom('', 'a=', 'A=', '=', 'a=,'),
        (secret, before) => {
          const parsed = parseKeyRing(before + secret);
          expect(parsed.ok ? '' : parsed.faults.join()).not.toContain(secret);
        },
      ),
    );
  });
});

describe('keyRingFromSecret', () => {
  test('gives the key the id "default"', () => {
    expect(keyRingFromSecret(north)).toEqual({ ok: true, keyRing: { keys: [{ id: 'default', secret: north }] } });
  });

  test('rejects a short secret', () => {
    expect(keyRingFromSecret('changeme')).toEqual({
      ok: false,
      faults: ['the secret has 8 characters: expected at least 16'],
    });
  });
});
