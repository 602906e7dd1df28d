import { describe, expect, test } from '@jest/globals';
import { createOriginSet } from './origins.ts';

const origins = createOriginSet([
  'https://app.example.org',
  'https://*.example.com',
  'http://*.dev.example.com:8080',
  'capacitor://localhost',
]);

describe('a set of origins', () => {
  test.each([
    ['https://app.example.org', true],
    ['capacitor://localhost', true],
    ['https://a.example.com', true],
    ['https://a.b.example.com', true],
    ['https://xn--bcher-kva.example.com', true],
    ['http://a.dev.example.com:8080', true],
    ['https://example.com', false],
    ['https://.example.com', false],
    ['https://a..example.com', false],
    ['https://*.example.com', false],
    ['https://aexample.com', false],
    ['https://a.example.com.evil.org', false],
    ['https://evil.org/.example.com', false],
    ['https://evil.org?.example.com', false],
    ['https://evil.org#.example.com', false],
    ['https://evil.org:1@a.example.com', false],
    ['https://a.example.com:8443', false],
    ['http://a.example.com', false],
    ['https://a.dev.example.com:8080', false],
    ['https://A.example.com', false],
    ['https://app.example.org/', false],
    ['capacitor://other', false],
    ['null', false],
    ['', false],
    [`https://${'a.'.repeat(8_000)}example.com`, false],
  ])('has %s: %s', (origin, isIn) => {
    expect(origins.has(origin)).toBe(isIn);
  });

  test('without wildcards has only the listed origins', () => {
    const { has } = createOriginSet(['https://app.example.org']);
    expect(['https://app.example.org', 'https://b.example.org', 'null'].map(has)).toEqual([true, false, false]);
  });
});
