import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StunError } from '../stun-error.ts';
import { bytesFromIpAddress, decodeXorAddress, encodeXorAddress } from './xor-address.ts';

const idBytes = Uint8Array.from({ length: 12 }, (_, index) => index + 1);

describe('XOR addresses', () => {
  test.each([
    ['192.0.2.1', 'IPv4', '192.0.2.1'],
    ['255.255.255.255', 'IPv4', '255.255.255.255'],
    ['::', 'IPv6', '::'],
    ['::1', 'IPv6', '::1'],
    ['2001:db8::', 'IPv6', '2001:db8::'],
    ['2001:DB8:0:0:0:0:0:1', 'IPv6', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', 'IPv6', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', 'IPv6', '1:2:3:4:5:6:7:0'],
    ['::ffff:192.0.2.1', 'IPv6', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', 'IPv6', '64:ff9b::c000:221'],
  ] as const)('%s comes back as canonical text', (address, family, canonical) => {
    const value = encodeXorAddress({ address, port: 65_535, family }, idBytes);
    expect(decodeXorAddress(value, idBytes)).toEqual({ address: canonical, port: 65_535, family });
  });

  test('are the same after encoding and decoding', () => {
    const anyAddress = fc.oneof(
      fc.record({ address: fc.ipV4(), family: fc.constant('IPv4' as const) }),
      fc.record({ address: fc.ipV6(), family: fc.constant('IPv6' as const) }),
    );
    fc.assert(
      fc.property(anyAddress, fc.integer({ min: 0, max: 65_535 }), ({ address, family }, port) => {
        const read = decodeXorAddress(encodeXorAddress({ address, port, family }, idBytes), idBytes);
        expect({ ...read, address: bytesFromIpAddress(read.address) }).toEqual({
          address: bytesFromIpAddress(address),
          port,
          family,
        });
      }),
    );
  });

  test.each([
    ['of no bytes', []],
    ['of a third family', [0, 3, 0, 0, 1, 2, 3, 4]],
    ['of IPv4 with 5 bytes', [0, 1, 0, 0, 1, 2, 3, 4, 5]],
    ['of IPv6 with 4 bytes', [0, 2, 0, 0, 1, 2, 3, 4]],
  ])('a value %s is malformed', (_case, value) => {
    expect(() => decodeXorAddress(Uint8Array.from(value), idBytes)).toThrow(
      new StunError(
        'malformed',
        'not a valid STUN message: an address is neither IPv4 nor IPv6, or has the wrong length',
      ),
    );
  });

  test.each(['', 'turn.example.org', '192.0.2', 'fe80::1%lo', '[::1]'])('"%s" cannot be encoded', (address) => {
    expect(() => encodeXorAddress({ address, port: 1, family: 'IPv6' }, idBytes)).toThrow(
      new RangeError(`"${address}" is not an IP address; expected IPv4, or IPv6 without a zone`),
    );
  });

  test('an address of the other family cannot be encoded', () => {
    expect(() => encodeXorAddress({ address: '192.0.2.1', port: 1, family: 'IPv6' }, idBytes)).toThrow(
      new RangeError('"192.0.2.1" is not an IPv6 address'),
    );
  });
});
