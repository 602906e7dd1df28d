import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { issueCredential } from './issue-credential.ts';

const key = { id: '2026-11', secret: 'north-secret-of-2026' };

describe('issueCredential', () => {
  test.each([
    // printf '%s' "$username" | openssl dgst -sha1 -hmac "$secret" -binary | base64
    [
      'north-secret-of-2026',
      1_795_248_000_999,
      3600,
      '3q2-7wABCdEf',
      '1795251600:3q2-7wABCdEf',
      'Wy7Vy08Tm8Vao24VWUQWoQBfiJY=',
    ],
    ['logen-the-ninefingered', 1_433_895_918_000, 600, 'user-1', '1433896518:user-1', 'Pf0nUDBbVQB9/UQSCF//PBnm52g='],
  ])('signs like coturn: secret %s at %d ms for %d s', (secret, nowMs, ttlSeconds, id, username, credential) => {
    expect(issueCredential({ key: { id: 'x', secret }, opaqueUserId: id, nowMs, ttlSeconds })).toEqual({
      username,
      credential,
    });
  });

  test.each(['', 'a:b', '%s', 'a b', 'é', 'a\n'])(
    'rejects the id %j, which a TURN server would misread',
    (opaqueUserId) => {
      expect(() => issueCredential({ key, opaqueUserId, nowMs: 0, ttlSeconds: 60 })).toThrow(
        new RangeError('opaqueUserId: expected one or more of A–Z a–z 0–9 _ -'),
      );
    },
  );

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects a TTL of %d seconds', (ttlSeconds) => {
    expect(() => issueCredential({ key, opaqueUserId: 'a', nowMs: 0, ttlSeconds })).toThrow(
      new RangeError('ttlSeconds: expected a whole number above 0'),
    );
  });

  test('never expires later than requested', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4e12 }), fc.integer({ min: 1, max: 86_400 }), (nowMs, ttlSeconds) => {
        const { username } = issueCredential({ key, opaqueUserId: 'a', nowMs, ttlSeconds });
        const expiresAtMs = Number.parseInt(username, 10) * 1000;
        expect(expiresAtMs).toBeLessThanOrEqual(nowMs + ttlSeconds * 1000);
        expect(expiresAtMs).toBeGreaterThan(nowMs + (ttlSeconds - 1) * 1000);
      }),
    );
  });
});
