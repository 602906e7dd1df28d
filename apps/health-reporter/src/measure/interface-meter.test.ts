import { describe, expect, test } from '@jest/globals';
import { parseInterfaceCounters } from './interface-meter.ts';

const procNetDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    3569      36    0    0    0     0          0         0     3570      36    0    0    0     0       0          0
  eth0: 585108515   15103    0    3    0     0          0         0  1034055    9841    0    4    0     0       0          0
eth0:1:      7       1    0    0    0     0          0         0        8       1    0    0    0     0       0          0
  eth1:1844674407370955 1    0    0    0     0          0         0 99       1    0    0    0     0       0          0
`;

describe('/proc/net/dev', () => {
  test.each([
    ['eth0', { receivedBytes: 585_108_515, sentBytes: 1_034_055, droppedPackets: 7 }],
    ['lo', { receivedBytes: 3_569, sentBytes: 3_570, droppedPackets: 0 }],
    ['eth0:1', { receivedBytes: 7, sentBytes: 8, droppedPackets: 0 }],
    ['eth1', { receivedBytes: 1_844_674_407_370_955, sentBytes: 99, droppedPackets: 0 }],
    ['eth', undefined],
    ['face |bytes', undefined],
    ['', undefined],
  ])('counters of "%s"', (name, expected) => {
    expect(parseInterfaceCounters(procNetDev, name)).toEqual(expected);
  });

  test('returns undefined for a truncated line', () => {
    expect(parseInterfaceCounters('eth0: 12 3', 'eth0')).toBeUndefined();
  });
});
