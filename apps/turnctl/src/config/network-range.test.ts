import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BlockList } from 'node:net';
import { deniedNetworks } from './denied-networks.ts';
import { networkRange } from './network-range.ts';

describe('networkRange', () => {
  test.each([
    ['10.0.0.0', 8, '10.0.0.0-10.255.255.255'],
    ['100.64.0.0', 10, '100.64.0.0-100.127.255.255'],
    ['198.18.0.0', 15, '198.18.0.0-198.19.255.255'],
    ['192.0.2.1', 32, '192.0.2.1'],
    ['0.0.0.0', 0, '0.0.0.0-255.255.255.255'],
    ['::1', 128, '::1'],
    ['fe80::', 10, 'fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['64:ff9b::', 96, '64:ff9b::-64:ff9b:0:0:0:0:ffff:ffff'],
    ['64:ff9b:1::', 48, '64:ff9b:1::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:0:0', 96, '::ffff:0:0-0:0:0:0:0:ffff:ffff:ffff'],
  ])('writes %s/%i as %s', (address, prefix, range) => {
    expect(networkRange({ address, prefix })).toBe(range);
  });

  test('covers the same IPv4 addresses as the network', () => {
    const ipv4 = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join('.'));
    fc.assert(
      fc.property(
        fc.constantFrom(...deniedNetworks.filter(({ address }) => !address.includes(':'))),
        ipv4,
        (network, address) => {
          const [first = '', last = first] = networkRange(network).split('-');
          const range = new BlockList();
          range.addRange(first, last);
          const subnet = new BlockList();
          subnet.addSubnet(network.address, network.prefix);
          expect(range.check(address)).toBe(subnet.check(address));
        },
      ),
    );
  });
});
