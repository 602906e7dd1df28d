import { describe, expect, test } from '@jest/globals';
import { createClientAddressReader, readRemoteAddress } from './client-address-reader.ts';
import { canCarryAddress, knownForwardingHeaders } from './client-address-header.ts';

type Headers = Parameters<typeof readRemoteAddress>[1];

const proxy = '10.0.0.1';
const stranger = '203.0.113.9';
const client = '198.51.100.1';

/** Opens a reader that trusts 10.0.0.0/8, with the fields of its warnings. */
function openReader(header: string) {
  const said: unknown[] = [];
  const read = createClientAddressReader({
    isTrustedProxy: (address) => address.startsWith('10.'),
    header,
    logger: { warn: (fields: unknown) => void said.push(fields) },
  });
  return { read, said };
}

describe('the header that CLIENT_ADDRESS_HEADER names', () => {
  test.each<[header: string, value: string, expected: string]>([
    ['x-forwarded-for', `9.9.9.9, ${client}, 10.0.0.2`, client],
    ['forwarded', `for=9.9.9.9, by=10.0.0.4;for=${client};proto=https`, client],
    ['forwarded', `for=9.9.9.9, for="${client}:80", for=10.0.0.2`, client],
    ['forwarded', 'for="[2001:db8::7]:443"', '2001:db8::7'],
    ['forwarded', `for=${client}, for=_hidden`, proxy],
    ['forwarded', `for=${client}, for=unknown, for=10.0.0.2`, '10.0.0.2'],
    ['forwarded', `for=${client}, for=_hidden, for=10.0.0.2`, '10.0.0.2'],
    ['cf-connecting-ip', client, client],
    ['cf-connecting-ip', '2001:db8::7', '2001:db8::7'],
    ['x-real-ip', ` ${client}:1234 `, client],
    ['true-client-ip', client, client],
    ['fly-client-ip', client, client],
    ['x-our-own-header', client, client],
    ['x-real-ip', `9.9.9.9, ${client}`, proxy],
    ['x-real-ip', `for=${client}`, proxy],
    ['x-real-ip', '', proxy],
  ])('%s: %s → %s', (header, value, expected) => {
    expect(openReader(header).read(proxy, { [header]: value })).toBe(expected);
    expect(openReader(header).read(stranger, { [header]: value })).toBe(stranger);
  });

  test('is the only one that is believed', () => {
    const all: Headers = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.2', 'cf-connecting-ip': '192.0.2.3' };
    expect(openReader('x-real-ip').read(proxy, { ...all, forwarded: 'for=192.0.2.4' })).toBe('192.0.2.2');
    expect(openReader('forwarded').read(proxy, all)).toBe(proxy);
  });

  test.each(['constructor', '__proto__'])('is missing if no proxy sends it: %s', (header) => {
    expect(openReader(header).read(proxy, { host: 'x' })).toBe(proxy);
  });

  test('follows at most 32 hops of Forwarded', () => {
    const hops = (count: number) =>
      [`for=${client}`, ...Array.from({ length: count }, (_, index) => `for=10.1.0.${index}`)].join(',');
    const { read } = openReader('forwarded');
    expect([31, 32, 200].map((count) => read(proxy, { forwarded: hops(count) }))).toEqual([
      client,
      '10.1.0.31',
      '10.1.0.199',
    ]);
  });
});

describe('warnings', () => {
  test.each<[name: string, value: string]>([
    ['forwarded', `by=10.0.0.4;for=${client}`],
    ['cf-connecting-ip', client],
    ['x-real-ip', client],
    ['fly-client-ip', client],
  ])('a trusted proxy sends %s instead of the named header: once', (name, value) => {
    const { read, said } = openReader('x-forwarded-for');
    expect(read(proxy, { host: 'x' })).toBe(proxy);
    expect(said).toEqual([]);
    expect([read(proxy, { [name]: value }), read(proxy, { [name]: value })]).toEqual([proxy, proxy]);
    expect(said).toEqual([{ event: 'client_address.header_missing', seen: name, expected: 'x-forwarded-for' }]);
  });

  test.each(['unknown', '_hidden', '', '198.51.100.1, 192.0.2.1 x'])('the named header has no address: %j', (value) => {
    const { read, said } = openReader('x-forwarded-for');
    expect([read(proxy, { 'x-forwarded-for': value }), read(proxy, { 'x-forwarded-for': value })]).toEqual([
      proxy,
      proxy,
    ]);
    expect(said).toEqual([{ event: 'client_address.header_unreadable', header: 'x-forwarded-for' }]);
  });

  test.each(['x-forwarded-for', 'forwarded', 'cf-connecting-ip', 'x-our-own-header'])(
    'an untrusted host sends %s: once, with its network only',
    (name) => {
      const { read, said } = openReader(name === 'x-our-own-header' ? name : 'x-forwarded-for');
      expect(read(stranger, { host: 'x' })).toBe(stranger);
      expect(said).toEqual([]);
      expect([read(stranger, { [name]: client }), read('192.0.2.7', { [name]: client })]).toEqual([
        stranger,
        '192.0.2.7',
      ]);
      expect(said).toEqual([{ event: 'client_address.peer_untrusted', seen: name, network: '203.0.113.0/24' }]);
    },
  );

  test('nothing is said if the settings match the proxies', () => {
    const { read, said } = openReader('x-forwarded-for');
    read(proxy, { 'x-forwarded-for': client, 'x-real-ip': client, forwarded: `for=${client}` });
    read(proxy, { 'x-forwarded-for': '10.0.0.2' });
    read(proxy, { 'x-forwarded-for': proxy });
    read(undefined, { 'x-forwarded-for': client });
    expect(said).toEqual([]);
  });
});

test('the admin listener believes no header', () => {
  expect(readRemoteAddress(proxy, { 'x-forwarded-for': client })).toBe(proxy);
  expect(readRemoteAddress(undefined, {})).toBeUndefined();
});

test.each([
  ['x-forwarded-for', true],
  ['cf-connecting-ip', true],
  ['my_header', true],
  ['X-Real-IP', false],
  ['x-real-ip:', false],
  ['x real ip', false],
  ['', false],
  ['x'.repeat(65), false],
  ['host', false],
  ['set-cookie', false],
  ['authorization', false],
  ['via', false],
  ['forwarded-for', false],
  ['x-client-cert', false],
  ['x-forwarded-tls-client-cert', false],
  ['x-forwarded-proto', false],
  ['content-encoding', false],
  ['traceparent', false],
  ['baggage', false],
  ['x-b3-traceid', false],
  ['x-api-key', false],
  ['x-auth-token', false],
  ['cf-ipcountry', false],
  ['cf-ray', false],
  ['cloudfront-viewer-country', false],
  ['cloudfront-viewer-address', true],
  ['sec-fetch-site', false],
  ['if-none-match', false],
  ['access-control-request-method', false],
  ['x-correlation-id', false],
  ['ratelimit', false],
  ['x-certain-client-ip', true],
  ['x-original-forwarded-for', true],
  ['proxy-client-ip', true],
  ['proxy-authorization', false],
  ['x-appengine-user-ip', true],
  ['x-nf-client-connection-ip', true],
  ['x-vendor-address', true],
])('whether %j can carry an address: %s', (name, expected) => {
  expect(canCarryAddress(name)).toBe(expected);
});

test('every field in which proxies forward an address can carry one', () => {
  expect(knownForwardingHeaders.filter((name) => !canCarryAddress(name))).toEqual([]);
});
