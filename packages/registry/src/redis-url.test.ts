import { describe, expect, test } from '@jest/globals';
import { findRedisUrlFault } from './redis-url.ts';

const expected = 'expected redis://[user:password@]host[:port][/database], or rediss:// for TLS';

describe('findRedisUrlFault', () => {
  test.each(['redis://127.0.0.1:6379', 'rediss://user:p%40ss@redis.example.org/3', 'redis://[::1]:6390/'])(
    'has nothing against %s',
    (url) => {
      expect(findRedisUrlFault(url)).toBeUndefined();
    },
  );

  test.each([
    ['localhost', `not a URL: ${expected}`],
    ['localhost:6379', `unknown scheme "localhost:": ${expected}`],
    ['http://:hidden-password@localhost', `unknown scheme "http:": ${expected}`],
    ['redis://', `no host: ${expected}`],
    ['redis://localhost/first', `the database is not a number: ${expected}`],
  ])('refuses %s', (url, fault) => {
    expect(findRedisUrlFault(url)).toBe(fault);
  });
});
