import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPermittedAddress, isPermittedTarget } from './permitted-address.ts';

const production = { allowsLoopback: false };
const trial = { allowsLoopback: true };

describe('an address of a record', () => {
  test.each([
    ['192.0.2.1'],
    ['203.0.113.7'],
    ['10.0.0.1'],
    ['192.168.1.1'],
    ['100.64.0.1'],
    ['2001:db8::1'],
    ['fd00::1'],
    ['::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.1'],
  ])('%s is permitted', (address) => {
    expect(isPermittedAddress(address, production)).toBe(true);
  });

  test.each([
    ['169.254.169.254'],
    ['224.0.0.1'],
    ['239.255.255.255'],
    ['0.0.0.0'],
    ['0.1.2.3'],
    ['255.255.255.255'],
    ['fe80::1'],
    ['fe80::1%eth0'],
    ['ff02::1'],
    ['::'],
    ['::ffff:169.254.169.254'],
    ['64:ff9b::169.254.169.254'],
    ['2002:a9fe:a9fe::1'],
    ['::ffff:0:224.0.0.1'],
    ['turn.example.org'],
    [''],
  ])('%s is refused, even in a trial', (address) => {
    expect(isPermittedAddress(address, production)).toBe(false);
    expect(isPermittedAddress(address, trial)).toBe(false);
  });

  test.each([['127.0.0.1'], ['127.255.0.9'], ['::1'], ['::ffff:127.0.0.1'], ['64:ff9b::7f00:1']])(
    '%s is permitted only in a trial',
    (address) => {
      expect(isPermittedAddress(address, production)).toBe(false);
      expect(isPermittedAddress(address, trial)).toBe(true);
    },
  );

  test('has the same verdict in each spelling', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.boolean(), (address, allowsLoopback) => {
        const verdict = isPermittedAddress(address, { allowsLoopback });
        expect(isPermittedAddress(`::ffff:${address}`, { allowsLoopback })).toBe(verdict);
        expect(isPermittedAddress(`64:ff9b::${address}`, { allowsLoopback })).toBe(verdict);
      }),
    );
  });
});

test.each([
  [22, false],
  [53, false],
  [80, true],
  [443, true],
  [1023, false],
  [1024, true],
  [3478, true],
  [65_535, true],
])('port %i is permitted: %s', (port, isPermitted) => {
  expect(isPermittedTarget({ address: '192.0.2.1', port }, production)).toBe(isPermitted);
  expect(isPermittedTarget({ address: '127.0.0.1', port }, production)).toBe(false);
});
