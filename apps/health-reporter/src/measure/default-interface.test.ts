import { describe, expect, test } from '@jest/globals';
import { defaultInterface } from './default-interface.ts';

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
const ipv4 = (name: string, metric: number, flags = '0003') =>
  `${name}\t00000000\t010200C0\t${flags}\t0\t0\t${metric}\t00000000\t0\t0\t0`;
const local = 'eth9\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0';
/** 0.0.0.0/1, which VPN clients add together with 128.0.0.0/1. */
const half = 'tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0';
const zeros = '0'.repeat(32);
const ipv6 = (name: string, metric: string, flags = '00000003') =>
  `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 ${metric} 00000001 00000000 ${flags} ${name.padStart(8)}`;

describe('the interface of the default route', () => {
  test.each<[what: string, ipv4Routes: string[], ipv6Routes: string[], expected: string | undefined]>([
    ['is the interface of 0.0.0.0/0', [header, local, ipv4('eth0', 0)], [], 'eth0'],
    ['is the interface with the lowest metric', [header, ipv4('wlan0', 600), ipv4('eth0', 100)], [], 'eth0'],
    ['is not the interface of half of the addresses', [header, half, ipv4('eth0', 100)], [], 'eth0'],
    ['is not an interface that is down', [header, ipv4('eth0', 0, '0002'), ipv4('eth1', 9)], [], 'eth1'],
    ['is the interface of IPv4 if both have one', [header, ipv4('eth0', 100)], [ipv6('eth1', '00000001')], 'eth0'],
    [
      'is the interface of IPv6 if IPv4 has none',
      [header],
      [ipv6('eth1', '00000400'), ipv6('eth2', '00000100')],
      'eth2',
    ],
    ['is never the unreachable route on lo', [header], [ipv6('lo', 'ffffffff', '00200201')], undefined],
    ['is undefined on a machine without routes', [], [], undefined],
  ])('%s', (_what, ipv4Routes, ipv6Routes, expected) => {
    expect(defaultInterface(ipv4Routes.join('\n'), ipv6Routes.join('\n'))).toBe(expected);
  });
});
