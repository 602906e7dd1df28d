import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRelaySockets } from './relay-sockets.ts';

const header =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
const socket = (local: number, { remote = 0, address = '0100007F', inode = 20_344 } = {}) =>
  `  142: ${address}:${hex(local)} ${'0'.repeat(address.length)}:${hex(remote)} 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0000000000000000 0`;
const range = { min: 49_152, max: 65_535 };
const portsIn = (lines: string[], within = range) => [...parseRelaySockets(lines.join('\n'), within).values()];

describe('relay ports in /proc/net/udp', () => {
  test.each<[what: string, sockets: string[], expected: number[]]>([
    ['nothing bound', [], []],
    ['below the range', [socket(49_151), socket(3478)], []],
    ['the first and the last of the range', [socket(49_152), socket(65_535)], [49_152, 65_535]],
    ['a socket with a remote address is not a relay', [socket(50_000, { remote: 53 }), socket(50_001)], [50_001]],
    [
      'one port on two addresses is two allocations',
      [socket(50_000), socket(50_000, { address: '0200007F' })],
      [50_000, 50_000],
    ],
    ['one socket that is listed twice counts once', [socket(50_000), socket(50_000)], [50_000]],
    ['IPv6', [socket(50_000, { address: '00000000000000000000000001000000' })], [50_000]],
  ])('%s', (_what, sockets, expected) => {
    expect(portsIn([header, ...sockets, ''])).toEqual(expected);
  });

  test('a range of one port holds that port', () => {
    const lines = [socket(49_999), socket(50_000), socket(50_001)];
    expect(portsIn(lines, { min: 50_000, max: 50_000 })).toEqual([50_000]);
  });

  test('a port that was bound again has a new key', () => {
    const [before] = parseRelaySockets(socket(50_000, { inode: 1 }), range).keys();
    const [again] = parseRelaySockets(socket(50_000, { inode: 1 }), range).keys();
    const [rebound] = parseRelaySockets(socket(50_000, { inode: 2 }), range).keys();
    expect(again).toBe(before);
    expect(rebound).not.toBe(before);
  });

  test('finds exactly any set of sockets', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 65_535 })), (ports) => {
        const expected = ports.filter((port) => port >= range.min && port <= range.max);
        expect(portsIn([header, ...ports.map((port, inode) => socket(port, { inode }))])).toEqual(expected);
      }),
    );
  });

  test('finds none in any other text, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(portsIn([text])).toEqual([]);
      }),
    );
  });
});
