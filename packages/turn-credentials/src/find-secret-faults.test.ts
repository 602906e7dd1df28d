import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findSecretFaults } from './find-secret-faults.ts';

const random = 'expected random characters, such as the output of "openssl rand -hex 32"';
const known = `the secret is a published example or default: ${random}`;
const repeated = `the secret repeats a few characters: ${random}`;

describe('findSecretFaults', () => {
  test.each([
    ['', 'the secret has 0 characters: expected at least 16'],
    ['changeme', 'the secret has 8 characters: expected at least 16'],
    ['fifteen-chars--', 'the secret has 15 characters: expected at least 16'],
    ['changeme-changeme', known],
    ['ChangeMe12345678', known],
    ['REPLACE_WITH_A_RANDOM_SHARED_SECRET', known],
    ['your-static-auth-secret', known],
    ['my super secret password', known],
    ['turn-router-token-2026', known],
    ['long-and-cryptic', known],
    ['n0t4ctuAllymatr1Xd0TorgSshar3d5ecret4obvIousreAsons', known],
    ['0123456789abcdef', known],
    ['xxxxxxxx-xxxxxxxx', known],
    ['aaaaaaaaaaaaaaaa', repeated],
    ['1212121212121212', repeated],
    ['kJ8north', 'the secret has 8 characters: expected at least 16'],
    ['kJ8northkJ8north', repeated],
    ['kJ8northkJ8northkJ', repeated],
  ])('rejects %j: %s', (secret, fault) => {
    expect(findSecretFaults(secret)).toEqual([fault]);
  });

  test.each([
    'sixteen-chars-!!',
    'test-secret-1234567890',
    'north-secret-of-2026',
    'a0a1a2a3a4a5a6a7a8',
    '8035270196437215',
  ])('accepts %j', (secret) => {
    expect(findSecretFaults(secret)).toEqual([]);
  });

  const randomBytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
  // fast-check often generates arrays of one repeated value, which a random source does not produce.
  const various = randomBytes.filter((bytes) => new Set(bytes).size > 12);

  test('accepts 256 random bits in any encoding', () => {
    fc.assert(
      fc.property(various, fc.constantFrom('hex', 'base64', 'base64url'), (bytes, encoding) => {
        expect(findSecretFaults(bytes.toString(encoding))).toEqual([]);
      }),
    );
  });

  test('checks the slowest input within the test timeout', () => {
    const worst = `${'passwordxxx'.repeat(500)}${'placeholder'.repeat(500)}?q`;
    expect(findSecretFaults(worst)).toEqual([]);
  });
});
