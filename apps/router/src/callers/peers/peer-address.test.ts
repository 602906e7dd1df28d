import { expect, test } from '@jest/globals';
import { parsePeerAddress } from './peer-address.ts';

test.each([
  ['router-1:8082', { host: 'router-1', port: 8082 }],
  ['routers.internal.example.org:65535', { host: 'routers.internal.example.org', port: 65_535 }],
  ['192.0.2.1:1', { host: '192.0.2.1', port: 1 }],
  ['[2001:db8::1]:8082', { host: '2001:db8::1', port: 8082 }],
])('parses %s', (text, address) => {
  expect(parsePeerAddress(text)).toEqual(address);
});

test.each([
  '',
  'router-1',
  ':8082',
  'router-1:',
  'router-1:0',
  'router-1:65536',
  'router-1:8082/',
  '2001:db8::1:8082',
  'https://a:1',
  'a b:1',
])('rejects %j', (text) => {
  expect(parsePeerAddress(text)).toBeUndefined();
});
