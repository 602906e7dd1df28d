import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { issueCredential } from './issue-credential.ts';
import { secretFingerprint } from './secret-fingerprint.ts';

describe('the fingerprint of a secret', () => {
  test.each([
    // printf '%s' 'turn-router secret fingerprint 1' | openssl dgst -sha256 -hmac "$secret" -binary | head -c 12 | base64 | tr '+/' '-_'
    ['north-secret-of-2026', 'PV1KEOFLtT5TghSC'],
    ['logen-the-ninefingered', 'nMID1DBP8RG9Qxx_'],
  ])('of %s is 96 bits of HMAC-SHA256', (secret, fingerprint) => {
    expect(secretFingerprint(secret)).toBe(fingerprint);
  });

  test('differs for different secrets, blanks and quotes included', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(' ', '"', "'", '\n', '\\n'), (secret, stray) => {
        const texts = [secret, `${secret}${stray}`, `${stray}${secret}${stray}`];
        expect(new Set(texts.map(secretFingerprint)).size).toBe(3);
      }),
    );
  });

  test('is no part of a credential, not even of one for the text that is signed', () => {
    const secret = 'north-secret-of-2026';
    const { credential } = issueCredential({ key: { id: 'a', secret }, opaqueUserId: 'u', nowMs: 0, ttlSeconds: 60 });
    const sha1 = createHmac('sha1', secret).update('turn-router secret fingerprint 1').digest('base64url');
    expect(credential).not.toContain(secretFingerprint(secret));
    expect(sha1).not.toContain(secretFingerprint(secret));
  });
});
