import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { customerPrefix, isCustomerPrefix } from './customer-prefix.ts';

describe('customerPrefix', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1/32'],
    ['0.0.0.0', '0.0.0.0/32'],
    ['::', '::/64'],
    ['::1', '::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0000:0000:0000:0006', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8::/64'],
    ['2001:db8:0:7::6', '2001:db8:0:7::/64'],
    ['2001:db8:7::6', '2001:db8:7::/64'],
    ['2001:0:0:7::6', '2001:0:0:7::/64'],
    ['2001::7:0:0:0:6', '2001:0:0:7::/64'],
    ['0:0:1::6', '0:0:1::/64'],
    ['::1:0:0:0:0:6', '0:0:1::/64'],
    ['0:1:2:3:4:5:6:7', '0:1:2:3::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b::/64'],
    ['2001:db8:1:2:3:4:192.0.2.1', '2001:db8:1:2::/64'],
    ['::ffff:192.0.2.1', '::/64'],
    ['::192.0.2.1', '::/64'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff::/64'],
  ])('maps %s to %s', (address, prefix) => {
    expect(customerPrefix(address)).toBe(prefix);
    expect(isCustomerPrefix(prefix)).toBe(true);
  });

  test('returns the same prefix for every address of a network, and isCustomerPrefix accepts only that spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const prefix = customerPrefix(address);
        const [network = ''] = prefix.split('/');
        expect(customerPrefix(network)).toBe(prefix);
        expect(isCustomerPrefix(prefix)).toBe(true);
        expect(isCustomerPrefix(`${address}/64`)).toBe(`${address}/64` === prefix);
      }),
    );
  });

  test.each(['', '2001:db8', '2001:db8:::1', '12345::', '2001:db8::g', '1:2:3:4:5:6:7:8:9'])(
    'is not told of %j',
    (text) => {
      expect(isCustomerPrefix(`${text}/64`)).toBe(false);
      expect(isCustomerPrefix(`${text}/32`)).toBe(false);
    },
  );

  test.each([
    '192.0.2.1',
    '192.0.2.1/',
    '192.0.2.1/64',
    '192.0.2.1/032',
    '192.0.2.1/32/',
    '192.0.2.256/32',
    '192.0.2/32',
    '192.0.2.1./32',
    '0xc0.0.2.1/32',
    './32',
    '0../32',
    '2001:db8::',
    '2001:db8::/64/64',
    '2001:db8::/064',
    '02001:db8::/64',
    '2001:db8:0:0:0:0:0:0/64',
    'fe80::%eth0/64',
    '::ffff:192.0.2.1/64',
    ' 2001:db8::/64',
  ])('isCustomerPrefix rejects %j', (text) => {
    expect(isCustomerPrefix(text)).toBe(false);
  });
});
