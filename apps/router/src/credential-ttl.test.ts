import { describe, expect, test } from '@jest/globals';
import { policySchema, type Policy } from '@turn-router/contract';
import { credentialTtl } from './credential-ttl.ts';

function policyWith(credentials: Partial<Policy['credentials']>): Policy {
  return policySchema.parse({ defaultRegion: 'a', regions: { a: { location: [0, 0] } }, credentials });
}

const unlimited = policyWith({ anonymousMaxTtlSeconds: 86_400 });
const usual = policyWith({});

describe('how long a credential lives', () => {
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
    expect(credentialTtl(wished, policy)).toBe(seconds);
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
  ])('a wish for %d s is refused', (wished, policy, detail) => {
    expect(() => credentialTtl(wished, policy)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        status: 400,
        message: `ttlSeconds: ${detail}`,
        errors: [{ field: 'ttlSeconds', detail }],
      }),
    );
  });
});
