import { describe, expect, test } from '@jest/globals';
import { findAddressFault, isPermittedAddress } from './address-rules.ts';

const node = { status: 'healthy', cpu: 0, bandwidth_mbps: 0, public_ip: '192.0.2.1', port: 3478 } as const;
const strict = { allowAddresses: [], allowPorts: [] };
const faultOf = (changes: object, rules: Partial<typeof strict> | object = {}, isLoopbackAllowed = false) =>
  findAddressFault({ ...node, ...changes }, { ...strict, ...rules }, isLoopbackAllowed);

describe('the address of a record', () => {
  test.each([
    ['127.0.0.1', 'a loopback address'],
    ['127.255.255.254', 'a loopback address'],
    ['169.254.169.254', 'a link-local address'],
    ['224.0.0.1', 'a multicast address'],
    ['239.255.255.255', 'a multicast address'],
    ['0.0.0.0', 'an unspecified address'],
    ['0.1.2.3', 'an unspecified address'],
    ['255.255.255.255', 'a broadcast address'],
    ['::1', 'a loopback address'],
    ['::', 'an unspecified address'],
    ['fe80::1', 'a link-local address'],
    ['ff02::1', 'a multicast address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['::ffff:169.254.169.254', 'a link-local address'],
    ['64:ff9b::7f00:1', 'a loopback address'],
    ['2002:a9fe:a9fe::1', 'a link-local address'],
    ['::ffff:0:224.0.0.1', 'a multicast address'],
  ])('%s is refused', (address, kind) => {
    const field = address.includes(':') ? 'public_ipv6' : 'public_ip';
    expect(faultOf({ [field]: address })).toEqual({
      reason: 'bad_address',
      detail: `${field}: Unusable address: expected an address that callers can reach, got ${kind} (permit it with nodes.allowAddresses of the policy)`,
    });
  });

  test.each([
    { public_ip: '192.0.2.50' },
    { public_ip: '10.0.0.1' },
    { public_ip: '172.16.0.1' },
    { public_ip: '192.168.1.1' },
    { public_ip: '100.64.0.1' },
    { public_ip: undefined, public_ipv6: '2001:db8::1' },
    { public_ip: undefined, public_ipv6: 'fd00::1' },
    { public_ip: undefined, public_ipv6: '64:ff9b::c000:201' },
    { public_ip: undefined, hostname: 'turn.example.org' },
  ])('%j is permitted', (changes) => {
    expect(faultOf(changes)).toBeUndefined();
  });

  test.each([
    ['169.254.0.0/16', { public_ip: '169.254.1.2' }],
    ['127.0.0.0/8', { public_ip: '127.0.0.1' }],
    ['127.0.0.0/8', { public_ipv6: '::ffff:127.0.0.1' }],
    ['::1/128', { public_ipv6: '::1' }],
    ['fe80::/10', { public_ipv6: 'fe80::5' }],
  ])('the prefix %s permits %j', (prefix, changes) => {
    expect(faultOf(changes, { allowAddresses: [prefix] })).toBeUndefined();
    expect(faultOf(changes, { allowAddresses: ['203.0.113.0/24', 'ff02::/16'] })).toMatchObject({
      reason: 'bad_address',
    });
  });

  test('on loopback is permitted if the registry is on loopback, but no other refused kind', () => {
    expect(faultOf({ public_ip: '127.0.0.1', public_ipv6: '::1' }, {}, true)).toBeUndefined();
    expect(faultOf({ public_ip: '169.254.169.254' }, {}, true)).toMatchObject({ reason: 'bad_address' });
  });
});

describe('a port of a record', () => {
  test.each([1, 22, 79, 81, 442, 444, 1023])('%d is refused', (port) => {
    for (const field of ['port', 'tls_port']) {
      expect(faultOf({ [field]: port }, {}, true)).toEqual({
        reason: 'bad_port',
        detail: `${field}: Reserved port: expected 80, 443 or at least 1024, got ${port} (permit it with nodes.allowPorts of the policy)`,
      });
    }
    expect(faultOf({ port }, { allowPorts: [port] })).toBeUndefined();
  });

  test.each([80, 443, 1024, 3478, 65_535])('%d is permitted', (port) => {
    expect(faultOf({ port, tls_port: port })).toBeUndefined();
  });
});

const mayDial = (
  address: string,
  port = 3478,
  rules: Partial<typeof strict> | object = {},
  isLoopbackAllowed = false,
) => isPermittedAddress({ address, port }, { ...strict, ...rules }, isLoopbackAllowed);

describe('an address that a host name leads to', () => {
  test.each<[address: string, port: number, permitted: boolean]>([
    ['192.0.2.1', 3478, true],
    ['10.0.0.1', 443, true],
    ['2001:db8::1', 3478, true],
    ['169.254.169.254', 3478, false],
    ['127.0.0.1', 3478, false],
    ['::1', 3478, false],
    ['::ffff:169.254.169.254', 3478, false],
    ['fe80::1%eth0', 3478, false],
    ['turn.example.org', 3478, false],
    ['', 3478, false],
    ['192.0.2.1', 53, false],
  ])('%s with port %d: permitted %s', (address, port, permitted) => {
    expect(mayDial(address, port)).toBe(permitted);
  });

  test('may be loopback only for a registry on this host', () => {
    expect([mayDial('127.0.0.1', 3478, {}, true), mayDial('169.254.169.254', 3478, {}, true)]).toEqual([true, false]);
  });

  test('may be what the policy permits', () => {
    expect(mayDial('169.254.1.2', 3478, { allowAddresses: ['169.254.1.0/24'] })).toBe(true);
    expect(mayDial('169.254.169.254', 3478, { allowAddresses: ['169.254.1.0/24'] })).toBe(false);
    expect(mayDial('192.0.2.1', 53, { allowPorts: [53] })).toBe(true);
  });
});
