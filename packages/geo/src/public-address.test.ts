import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { parsePublicAddress } from './public-address.ts';

describe('a public address', () => {
  test.each([
    ['8.8.8.8', 'ipv4', '8.8.8.8'],
    ['::ffff:8.8.8.8', 'ipv4', '8.8.8.8'],
    ['::FFFF:808:808', 'ipv4', '8.8.8.8'],
    ['0:0:0:0:0:ffff:8.8.8.8', 'ipv4', '8.8.8.8'],
    ['2a02:d100::1', 'ipv6', '2a02:d100:0:0:0:0:0:1'],
    ['2A02:D100::1%eth0', 'ipv6', '2a02:d100:0:0:0:0:0:1'],
  ])('is parsed from %s', (text, family, plain) => {
    expect(parsePublicAddress(text)).toEqual({ family, text: plain });
  });

  test.each([
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '::ffff:10.0.0.1', 'fc00::1', 'fdff::1'],
    ['shared by a carrier', '100.64.0.1', '100.127.255.255'],
    ['of this machine or link', '127.0.0.1', '0.0.0.0', '169.254.1.1', '::1', '::', 'fe80::1%eth0', '::ffff:127.0.0.1'],
    ['for documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    ['for groups', '224.0.0.1', '255.255.255.255', 'ff02::1'],
    ['of a tunnel or translator', '2002:808:808::1', '2001:0:808:808::1', '64:ff9b::808:808'],
    ['with a port', '8.8.8.8:80', '[2a02:d100::1]:443', '[2a02:d100::1]'],
    [
      'not an address',
      '',
      ' ',
      '8.8.8',
      '8.8.8.8.8',
      '08.8.8.8',
      '0x8.8.8.8',
      '134744072',
      '256.1.1.1',
      'a',
      ':::',
      'unknown',
      '8.8.8.8 ',
    ],
  ])('is not %s', (_, ...texts) => {
    expect(texts.map((text) => parsePublicAddress(text))).toEqual(texts.map(() => undefined));
  });

  test('includes the IPv4 addresses of every range without a special purpose', () => {
    const first = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(first, first, first, first), (numbers) => {
        const text = numbers.join('.');
        const isPublic = ipaddr.IPv4.parse(text).range() === 'unicast';
        expect(parsePublicAddress(text)).toEqual(isPublic ? { family: 'ipv4', text } : undefined);
      }),
      { numRuns: 10_000, seed: 6890 },
    );
  });

  test('has the same plain form in every notation', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parsePublicAddress(`::ffff:${text}`)).toEqual(parsePublicAddress(text));
      }),
    );
  });
});
