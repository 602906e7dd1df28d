import { describe, expect, test } from '@jest/globals';
import { customerPrefix } from '@turn-router/contract/registry';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { clientAddress, normaliseAddress, truncatedAddress } from './client-address.ts';
import { parseTrustedProxies, type IsTrustedProxy } from './trusted-proxies.ts';

function trusting(...prefixes: string[]): IsTrustedProxy {
  const isTrusted = parseTrustedProxies(prefixes);
  if (isTrusted === undefined) throw new Error(`not prefixes: ${prefixes.join(', ')}`);
  return isTrusted;
}

const proxies = ['10.0.0.0/8', '192.0.2.10', '2001:db8:aaaa::/48', '::1'];
const isTrusted = trusting(...proxies);

describe('the client behind trusted proxies (10/8, 192.0.2.10, 2001:db8:aaaa::/48, ::1)', () => {
  test.each<
    [why: string, remoteAddress: string | undefined, forwardedFor: string | undefined, client: string | undefined]
  >([
    ['a stranger without the header', '203.0.113.9', undefined, '203.0.113.9'],
    ['a stranger with the header', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a stranger that names a proxy', '203.0.113.9', '198.51.100.1, 10.0.0.1', '203.0.113.9'],
    ['a stranger over IPv6', '2001:db8::9', '198.51.100.1', '2001:db8::9'],
    ['the neighbour of a trusted address', '192.0.2.11', '198.51.100.1', '192.0.2.11'],
    ['the address after a trusted prefix', '11.0.0.0', '198.51.100.1', '11.0.0.0'],
    ['the last address of a trusted prefix', '10.255.255.255', '198.51.100.1', '198.51.100.1'],
    ['an IPv4-mapped stranger', '::ffff:203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['an IPv4-mapped stranger in hexadecimal', '::ffff:cb00:7109', undefined, '203.0.113.9'],
    ['an IPv4-mapped proxy', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a proxy without the header', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy with an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['one hop', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['two trusted hops', '10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['no spaces', '10.0.0.1', '198.51.100.1,10.0.0.2,10.0.0.3', '198.51.100.1'],
    ['many spaces and tabs', '10.0.0.1', '  198.51.100.1 \t,\t 10.0.0.2  ', '198.51.100.1'],
    ['a spoofed part on the left', '10.0.0.1', '8.8.8.8, 198.51.100.1', '198.51.100.1'],
    ['a spoofed proxy on the left', '10.0.0.1', '10.0.0.9, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['a spoofed loopback on the left', '10.0.0.1', '::1, 127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['all hops trusted', '10.0.0.1', '10.0.0.4, 10.0.0.3, 10.0.0.2', '10.0.0.4'],
    ['an IPv6 proxy', '2001:db8:aaaa::1', '2001:db8:bbbb::7', '2001:db8:bbbb::7'],
    ['the address after an IPv6 prefix', '2001:db8:aaab::1', '198.51.100.1', '2001:db8:aaab::1'],
    ['IPv6 loopback', '::1', '198.51.100.1', '198.51.100.1'],
    ['IPv4 loopback is not IPv6 loopback', '127.0.0.1', '198.51.100.1', '127.0.0.1'],
    ['an IPv6 client written at length', '10.0.0.1', '2001:0DB8:0:0:0:0:0:0007', '2001:db8::7'],
    ['an IPv4-mapped client', '10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['an IPv4-mapped proxy in the chain', '10.0.0.1', '198.51.100.1, ::FFFF:10.0.0.2', '198.51.100.1'],
    ['a port', '10.0.0.1', '198.51.100.1:51234', '198.51.100.1'],
    ['ports in the chain', '10.0.0.1', '198.51.100.1:51234, 10.0.0.2:80', '198.51.100.1'],
    ['brackets', '10.0.0.1', '[2001:db8::7]', '2001:db8::7'],
    ['brackets and a port', '10.0.0.1', '[2001:db8::7]:443', '2001:db8::7'],
    ['quotes', '10.0.0.1', '"198.51.100.1"', '198.51.100.1'],
    ['quotes, brackets and a port', '10.0.0.1', '"[2001:db8::7]:443"', '2001:db8::7'],
    ['a zone', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['a zone in brackets', '10.0.0.1', '[fe80::1%eth0]:443', 'fe80::1'],
    ['"unknown"', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['"unknown" between strangers and proxies', '10.0.0.1', '198.51.100.1, unknown, 10.0.0.2', '10.0.0.2'],
    ['an obfuscated name', '10.0.0.1', '198.51.100.1, _hidden', '10.0.0.1'],
    ['a host name', '10.0.0.1', 'localhost', '10.0.0.1'],
    ['an empty hop', '10.0.0.1', '198.51.100.1,', '10.0.0.1'],
    ['an empty hop on the left of a stranger', '10.0.0.1', ',,198.51.100.1', '198.51.100.1'],
    ['only commas', '10.0.0.1', ',,,,', '10.0.0.1'],
    ['a PROXY protocol line', '10.0.0.1', 'PROXY TCP4 198.51.100.1 10.0.0.1 1 2', '10.0.0.1'],
    ['the Forwarded header’s syntax', '10.0.0.1', 'for=198.51.100.1;proto=https', '10.0.0.1'],
    ['a prefix', '10.0.0.1', '198.51.100.0/24', '10.0.0.1'],
    ['octal', '10.0.0.1', '0306.063.0144.01', '10.0.0.1'],
    ['leading zeros', '10.0.0.1', '010.0.0.1', '10.0.0.1'],
    ['hexadecimal', '10.0.0.1', '0xc6336401', '10.0.0.1'],
    ['an IPv4 address as one number', '10.0.0.1', '3325256705', '10.0.0.1'],
    ['an IPv4 address of two parts', '10.0.0.1', '198.1', '10.0.0.1'],
    ['a part above 255', '10.0.0.1', '198.51.100.256', '10.0.0.1'],
    ['five parts', '10.0.0.1', '198.51.100.1.1', '10.0.0.1'],
    ['octal inside an IPv4-mapped address', '10.0.0.1', '::ffff:010.1.1.1', '10.0.0.1'],
    ['two "::"', '10.0.0.1', '2001::db8::1', '10.0.0.1'],
    ['unclosed brackets', '10.0.0.1', '[2001:db8::7', '10.0.0.1'],
    ['IPv4 in brackets', '10.0.0.1', '[198.51.100.1]:80', '198.51.100.1'],
    ['"true"', '10.0.0.1', 'true', '10.0.0.1'],
    ['a host that has gone', undefined, undefined, undefined],
    ['a host that has gone, with the header', undefined, '198.51.100.1', undefined],
    ['a host on a Unix socket', '', '198.51.100.1', undefined],
  ])('%s: %s, %s → %s', (_why, remoteAddress, forwardedFor, client) => {
    expect(clientAddress(remoteAddress, forwardedFor, isTrusted)).toBe(client);
  });

  test('uses the last of 1000 untrusted hops', () => {
    const strangers = Array.from({ length: 1000 }, (_, index) => `198.51.${index >> 8}.${index & 255}`);
    expect(clientAddress('10.0.0.1', strangers.join(','), isTrusted)).toBe('198.51.3.231');
  });

  test('follows at most 32 trusted hops, and else returns the hop that the remote host wrote', () => {
    const hops = Array.from({ length: 1000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
    const through = (count: number) =>
      clientAddress('10.0.0.1', ['198.51.100.1', ...hops.slice(0, count)].join(','), isTrusted);
    expect([through(31), through(32), through(33), through(1000)]).toEqual([
      '198.51.100.1',
      '10.1.0.31',
      '10.1.0.32',
      '10.1.3.231',
    ]);
  });

  test.each<[why: string, remoteAddress: string, forwardedFor: string | undefined, client: string]>([
    ['a client', '64:ff9b::51a9:9142', undefined, '81.169.145.66'],
    ['a client behind a proxy', '10.0.0.1', '64:ff9b::51a9:9142', '81.169.145.66'],
    ['a client written with the IPv4 address', '10.0.0.1', '[64:ff9b::81.169.145.66]:443', '81.169.145.66'],
    ['a client written at length', '10.0.0.1', '0064:FF9B:0:0:0:0:51a9:9142', '81.169.145.66'],
    ['a private IPv4 address is no trusted proxy', '64:ff9b::10.0.0.1', '198.51.100.1', '10.0.0.1'],
    ['a proxy’s IPv4 address is no trusted proxy', '10.0.0.1', '198.51.100.1, 64:ff9b::10.0.0.9', '10.0.0.9'],
    ['another /96', '64:ff9b:0:0:0:1:51a9:9142', undefined, '64:ff9b::1:51a9:9142'],
    ['a local NAT64 prefix (RFC 8215)', '64:ff9b:1::51a9:9142', undefined, '64:ff9b:1::51a9:9142'],
    ['the next prefix', '64:ff9c::51a9:9142', undefined, '64:ff9c::51a9:9142'],
  ])('unwraps NAT64 (64:ff9b::/96): %s', (_why, remoteAddress, forwardedFor, client) => {
    expect(clientAddress(remoteAddress, forwardedFor, isTrusted)).toBe(client);
  });

  test('a trusted proxy behind NAT64 is named as the router sees it', () => {
    expect(clientAddress('64:ff9b::a00:1', '198.51.100.1', trusting('64:ff9b::10.0.0.0/104'))).toBe('198.51.100.1');
  });

  test.each<[prefixes: string[], remoteAddress: string, client: string]>([
    [[], '10.0.0.1', '10.0.0.1'],
    [['10.0.0.1/32'], '10.0.0.2', '10.0.0.2'],
    [['10.0.0.0/31'], '10.0.0.1', '198.51.100.1'],
    [['10.0.0.77/24'], '10.0.0.1', '198.51.100.1'],
    [['0.0.0.0/1'], '10.0.0.1', '198.51.100.1'],
    [['0.0.0.0/1'], '2001:db8::1', '2001:db8::1'],
    [['::/1'], '2001:db8::1', '198.51.100.1'],
    [['::/1'], '10.0.0.1', '10.0.0.1'],
    [['2001:db8::/127'], '2001:db8::1', '198.51.100.1'],
    [['2001:db8::/127'], '2001:db8::2', '2001:db8::2'],
  ])('trusting %j, a call by %s for 198.51.100.1 comes from %s', (prefixes, remoteAddress, client) => {
    expect(clientAddress(remoteAddress, '198.51.100.1', trusting(...prefixes))).toBe(client);
  });
});

const address = fc.oneof(fc.ipV4(), fc.ipV6());
const hop = fc.oneof(
  address,
  fc.ipV4().map((ip) => `${ip}:80`),
  fc.ipV6().map((ip) => `"[${ip}]:443"`),
  fc.constantFrom(
    '',
    ' ',
    'unknown',
    '_x',
    '10.0.0.1',
    '::1',
    '[',
    '"',
    '%',
    '[]',
    '[]:1',
    '1.2.3:4',
    '::ffff:10.0.0.2',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const header = fc.array(hop, { maxLength: 60 }).map((hops) => hops.join(','));

describe('any input', () => {
  test('ignores the header of an untrusted host', () => {
    fc.assert(
      fc.property(address, header, (remoteAddress, forwardedFor) => {
        fc.pre(!isTrusted(normaliseAddress(remoteAddress) ?? ''));
        expect(clientAddress(remoteAddress, forwardedFor, isTrusted)).toBe(
          clientAddress(remoteAddress, undefined, isTrusted),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('never throws, and returns a normalised address', () => {
    fc.assert(
      fc.property(fc.oneof(address, hop), header, (remoteAddress, forwardedFor) => {
        const client = clientAddress(remoteAddress, forwardedFor, isTrusted);
        expect(client === undefined ? undefined : normaliseAddress(client)).toBe(client);
        expect(client === undefined || truncatedAddress(client).includes('/')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('never lets entries to the left override what a trusted proxy appended', () => {
    const stranger = fc.ipV4().filter((ip) => !isTrusted(ip));
    fc.assert(
      fc.property(header, stranger, (spoofed, client) => {
        expect(clientAddress('10.0.0.1', `${spoofed},${client}`, isTrusted)).toBe(client);
      }),
    );
  });
});

describe('parseTrustedProxies', () => {
  test.each([
    'true',
    '*',
    'localhost',
    'proxy.example.org',
    'loopback',
    '',
    ' ',
    '1',
    '10',
    '10/8',
    '10.1/16',
    '010.0.0.0/8',
    '0x0a.0.0.0/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.1:80',
    '10.0.0.256',
    '2001:db8::/129',
    '[2001:db8::]/32',
    '::ffff:10.0.0.0/104',
    '::ffff:10.0.0.1',
    '2001:db8::1::/64',
    '0.0.0.0/0',
    '::/0',
  ])('rejects %j, alone and beside a valid prefix', (prefix) => {
    expect(parseTrustedProxies([prefix])).toBeUndefined();
    expect(parseTrustedProxies(['10.0.0.0/8', prefix])).toBeUndefined();
  });

  test('accepts addresses and prefixes of both families, and an empty list', () => {
    const isListed = trusting('10.0.0.1', '192.0.2.0/24', '2001:db8::1', '2001:db8:1::/48');
    expect(['10.0.0.1', '192.0.2.255', '2001:db8::1', '2001:db8:1:ffff::'].map(isListed)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.0.0.2', '192.0.3.0', '2001:db8::2', '2001:db8:2::'].map(isListed)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(trusting()('127.0.0.1')).toBe(false);
  });
});

describe('parts of an address', () => {
  test.each([
    ['192.0.2.77', '192.0.2.77/32', '192.0.2.0/24'],
    ['0.0.0.0', '0.0.0.0/32', '0.0.0.0/24'],
    ['255.255.255.255', '255.255.255.255/32', '255.255.255.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8:1:ffff:ffff:ffff:ffff:ffff', '2001:db8:1:ffff::/64', '2001:db8:1::/48'],
    ['::1', '::/64', '::/48'],
    ['fe80::1', 'fe80::/64', 'fe80::/48'],
  ])('%s has the customer prefix %s and the logged network %s', (text, customer, network) => {
    expect(customerPrefix(text)).toBe(customer);
    expect(truncatedAddress(text)).toBe(network);
  });

  test('match those of ipaddr.js', () => {
    fc.assert(
      fc.property(fc.ipV6(), (written) => {
        const text = normaliseAddress(written) ?? '';
        fc.pre(text.includes(':'));
        expect(customerPrefix(text)).toBe(`${ipaddr.IPv6.networkAddressFromCIDR(`${text}/64`).toString()}/64`);
      }),
    );
  });
});
