import { expect, test } from '@jest/globals';
import { isDeniedButUsable, isOfLocalScope } from './denied-networks.ts';

test.each([
  ['10.0.0.7', true],
  ['192.168.1.1', true],
  ['fd00::7', true],
  ['192.0.2.50', false],
  ['2001:db8::50', false],
  ['127.0.0.1', false],
  ['::1', false],
])('a relay address %s must be allowed: %s', (address, expected) => {
  expect(isDeniedButUsable(address)).toBe(expected);
});

test.each([
  ['169.254.169.254', true],
  ['fd00::7', true],
  ['fe80::1', true],
  ['fec0::1', true],
  ['10.0.0.7', false],
  ['2001:db8::50', false],
])('%s has a local scope: %s', (address, expected) => {
  expect(isOfLocalScope(address)).toBe(expected);
});
