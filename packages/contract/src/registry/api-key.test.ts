import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseApiKeyRecord, type ApiKeyRecord } from './api-key.ts';

const secret = { sha256: 'a'.repeat(64) };
const full: ApiKeyRecord = {
  secrets: [{ ...secret, created_at: '2026-11-21T08:00:00Z' }, { sha256: 'b'.repeat(64) }],
  label: 'The web application',
  origins: ['https://app.example.org', 'http://localhost:3000'],
  anonymous_callers: true,
  expires_at: '2027-02-27T08:00:00Z',
  regions: ['eu-central-1'],
  min_ttl_seconds: 60,
  max_ttl_seconds: 600,
  per_key_per_minute: 100,
  per_user_per_minute: 10,
  per_address_per_minute: 0,
};

describe('a stored API key', () => {
  test.each<[string, unknown, ApiKeyRecord]>([
    ['with everything', full, full],
    ['with nothing but a secret', { secrets: [secret] }, { secrets: [secret] }],
    ['with a field of a newer version', { secrets: [secret], colour: 'red' }, { secrets: [secret] }],
  ])('parses %s', (_, stored, record) => {
    expect(parseApiKeyRecord('web', JSON.stringify(stored))).toEqual({ ok: true, record });
  });

  const hash = 'Invalid hash: expected 64 characters of 0–9 and a–f';
  test.each<[string, unknown, string, string]>([
    ['no secret', { secrets: [] }, 'secrets', 'Too small: expected array to have >=1 items'],
    ['three secrets', { secrets: [secret, secret, secret] }, 'secrets', 'Too big: expected array to have <=2 items'],
    ['an invalid hash', { secrets: [{ sha256: 'A'.repeat(64) }] }, 'secrets[0].sha256', hash],
    [
      'every origin',
      { secrets: [secret], origins: ['*'] },
      'origins[0]',
      'Invalid origin: this would allow every page: write each origin, or a wildcard such as https://*.example.org',
    ],
    [
      'an origin with a path',
      { secrets: [secret], origins: ['https://a.org', 'https://b.org/'] },
      'origins[1]',
      'Invalid origin: write https://b.org',
    ],
    ['no origin', { secrets: [secret], origins: [] }, 'origins', 'Too small: expected array to have >=1 items'],
    [
      'bounds that leave nothing',
      { secrets: [secret], min_ttl_seconds: 61, max_ttl_seconds: 60 },
      'min_ttl_seconds',
      'Too big: expected at most max_ttl_seconds',
    ],
    [
      'an expiry without a time zone',
      { secrets: [secret], expires_at: '2027-02-27T08:00:00' },
      'expires_at',
      'Invalid ISO datetime',
    ],
    ['a text', 'x', '', 'Invalid input: expected object, received string'],
  ])('rejects %s', (_, stored, field, detail) => {
    expect(parseApiKeyRecord('web', JSON.stringify(stored))).toEqual({ ok: false, faults: [{ field, detail }] });
  });

  test.each(['', 'Web', 'a_b', '-a', 'a'.repeat(64), '__proto__'])('rejects the id %j', (id) => {
    expect(parseApiKeyRecord(id, JSON.stringify(full))).toMatchObject({
      faults: [{ detail: expect.stringMatching(/^Invalid key id: /) }],
    });
  });

  test('rejects any other content without throwing', () => {
    const huge = JSON.stringify({ secrets: [secret], label: 'x'.repeat(9000) });
    expect(parseApiKeyRecord('web', huge)).toEqual({
      ok: false,
      faults: [{ field: '', detail: 'Too long: expected at most 8192 characters' }],
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseApiKeyRecord('web', text).ok).toBe(false);
      }),
    );
  });
});
