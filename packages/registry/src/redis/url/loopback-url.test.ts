import { expect, test } from '@jest/globals';
import { isLoopbackUrl } from './redis-url.ts';

test.each([
  ['redis://127.0.0.1:6379', true],
  ['redis://:secret@localhost', true],
  ['redis://[::1]:6379/2', true],
  ['redis://127.0.0.1:6379?replica=127.0.0.2:6380', true],
  ['redis://127.0.0.1:6379?replica=192.0.2.1:6380', false],
  ['redis://192.0.2.1', false],
  ['redis://localhost.example.org', false],
  ['redis://127.0.0.1.example.org', false],
  ['redis+sentinel://127.0.0.1:26379,192.0.2.1:26379/main', false],
  ['redis+sentinel://127.0.0.1:26379/main', true],
  ['redis+cluster://127.0.0.1:7000,127.0.0.1:7001', true],
])('%s is on this host: %s', (url, isLoopback) => {
  expect(isLoopbackUrl(url)).toBe(isLoopback);
});
