import { describe, expect, test } from '@jest/globals';
import { policySchema, type Policy } from '@turn-router/contract/policy';
import type { Caller } from '../callers/auth/caller.ts';
import { credentialTtl } from './issue-ice-servers.ts';

function policyWith(credentials: Partial<Policy['credentials']>): Policy {
  return policySchema.parse({ defaultRegion: 'a', regions: { a: { location: [0, 0] } }, credentials });
}

const anonymous: Caller = { kind: 'anonymous', scope: {} };
const user: Caller = { kind: 'jwt', userId: 'alice', scope: {} };
/** An application whose key has these bounds. */
const boundTo = (minTtlSeconds?: number, maxTtlSeconds?: number): Caller => ({
  kind: 'api-key',
  keyId: 'web',
  scope: { minTtlSeconds, maxTtlSeconds },
});

const unlimited = policyWith({ anonymousMaxTtlSeconds: 86_400 });
const usual = policyWith({});

const publicKey = (scope: Caller['scope'] = {}): Caller => ({
  kind: 'api-key',
  keyId: 'page',
  scope: { ...scope, countsAsAnonymous: true },
});

describe('the credential TTL', () => {
  test.each<[why: string, wished: number | undefined, policy: Policy, seconds: number]>([
    ['no wish: the default', undefined, unlimited, 3600],
    ['no wish: no more than anonymous callers get', undefined, usual, 600],
    ['a default below what anonymous callers get', undefined, policyWith({ ttlSeconds: 300 }), 300],
    ['the least', 60, usual, 60],
    ['below what anonymous callers get', 599, usual, 599],
    ['what anonymous callers get', 600, usual, 600],
    ['above what anonymous callers get', 601, usual, 600],
    ['the most, cut for anonymous callers', 86_400, usual, 600],
    ['the most', 86_400, unlimited, 86_400],
    ['narrower bounds, the least', 120, policyWith({ minTtlSeconds: 120 }), 120],
  ])('%s', (_why, wished, policy, seconds) => {
    expect(credentialTtl(wished, policy, anonymous)).toBe(seconds);
  });

  const narrow = policyWith({
    minTtlSeconds: 120,
    maxTtlSeconds: 7200,
    ttlSeconds: 3600,
    anonymousMaxTtlSeconds: 7200,
  });

  test.each<[wished: number, policy: Policy, detail: string]>([
    [59, usual, 'Too small: the policy expects 60 to 86400'],
    [1, usual, 'Too small: the policy expects 60 to 86400'],
    [0, usual, 'Too small: the policy expects 60 to 86400'],
    [-1, usual, 'Too small: the policy expects 60 to 86400'],
    [86_401, usual, 'Too big: the policy expects 60 to 86400'],
    [1e9, usual, 'Too big: the policy expects 60 to 86400'],
    [119, narrow, 'Too small: the policy expects 120 to 7200'],
    [7201, narrow, 'Too big: the policy expects 120 to 7200'],
  ])('refuses a requested TTL of %d s', (wished, policy, detail) => {
    expect(() => credentialTtl(wished, policy, anonymous)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        status: 400,
        message: `ttlSeconds: ${detail}`,
        errors: [{ field: 'ttlSeconds', detail }],
      }),
    );
  });

  test.each<[why: string, caller: Caller, wished: number | undefined, seconds: number]>([
    ['a user whom an issuer names: the default', user, undefined, 3600],
    ['a user whom an issuer names: the most', user, 86_400, 86_400],
    ['a key without bounds: the default', boundTo(), undefined, 3600],
    ['a key: its least', boundTo(120, 1800), 120, 120],
    ['a key: its most', boundTo(120, 1800), 1800, 1800],
    ['a key: the default, cut to its most', boundTo(120, 1800), undefined, 1800],
    ['a key: the default, raised to its least', boundTo(7200), undefined, 7200],
    ['a public key: the default', publicKey(), undefined, 600],
    ['a public key: a longer wish, cut', publicKey(), 7200, 600],
    ['a public key with a most: the default', publicKey({ maxTtlSeconds: 1800 }), undefined, 1800],
    ['a public key with a least', publicKey({ minTtlSeconds: 1200 }), undefined, 1200],
    ['a key whose bounds are wider than the policy', boundTo(1, 86_400), 60, 60],
    ['a key whose bounds are all below the policy', boundTo(1, 30), undefined, 60],
  ])('%s', (_why, caller, wished, seconds) => {
    expect(credentialTtl(wished, usual, caller)).toBe(seconds);
  });

  test.each<[wished: number, caller: Caller, detail: string]>([
    [119, boundTo(120, 1800), 'Too small: the policy and the API key expect 120 to 1800'],
    [1801, boundTo(120, 1800), 'Too big: the policy and the API key expect 120 to 1800'],
    [59, boundTo(1, 86_400), 'Too small: the policy and the API key expect 60 to 86400'],
    [61, boundTo(1, 30), 'Too big: the policy and the API key expect 60 to 60'],
    [59, user, 'Too small: the policy expects 60 to 86400'],
  ])('refuses a requested TTL of %d s to a caller with a token', (wished, caller, detail) => {
    expect(() => credentialTtl(wished, usual, caller)).toThrow(
      expect.objectContaining({ code: 'invalid_request', errors: [{ field: 'ttlSeconds', detail }] }),
    );
  });
});
