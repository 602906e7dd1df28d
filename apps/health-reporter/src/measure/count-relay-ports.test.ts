import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countRelayPorts } from './count-relay-ports.ts';

const header =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
const socket = (local: number, remote = 0, address = '0100007F') =>
  `  142: ${address}:${hex(local)} ${'0'.repeat(address.length)}:${hex(remote)} 07 00000000:00000000 00:00000000 00000000     0        0 20344 2 0000000000000000 0`;
const range = { min: 49_152, max: 65_535 };

describe('relay ports in /proc/net/udp', () => {
  test.each<[what: string, sockets: string[], expected: number]>([
    ['nothing bound', [], 0],
    ['below the range', [socket(49_151), socket(3478)], 0],
    ['the first and the last of the range', [socket(49_152), socket(65_535)], 2],
    ['a socket with a peer is no relay', [socket(50_000, 53), socket(50_001)], 1],
    ['one port on two addresses is two allocations', [socket(50_000), socket(50_000, 0, '0200007F')], 2],
    ['IPv6', [socket(50_000, 0, '00000000000000000000000001000000')], 1],
  ])('%s', (_what, sockets, expected) => {
    expect(countRelayPorts([header, ...sockets, ''].join('\n'), range)).toBe(expected);
  });

  test('a range of one port counts that port', () => {
    expect(
      countRelayPorts([socket(49_999), socket(50_000), socket(50_001)].join('\n'), { min: 50_000, max: 50_000 }),
    ).toBe(1);
  });

  test('any set of ports is counted exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 65_535 })), (ports) => {
        const expected = ports.filter((port) => port >= range.min && port <= range.max).length;
        expect(countRelayPorts([header, ...ports.map((port) => socket(port))].join('\n'), range)).toBe(expected);
      }),
    );
  });

  test('text of any other kind counts nothing and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(countRelayPorts(text, range)).toBe(0);
      }),
    );
  });
});
