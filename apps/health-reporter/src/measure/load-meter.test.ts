import { describe, expect, test } from '@jest/globals';
import { procNetDev, procStat, relay, route, startFixture } from './load-meter.fixture.ts';

const both = (first: number, second: number) => procNetDev(first, 0) + procNetDev(second, 0, 'wg0');
const dropping = (drops: number) => `  eth0: 0 1 0 ${drops} 0 0 0 0 0 1 0 ${drops} 0 0 0 0\n`;
const pressure = (ms: number) => `some avg10=0.00 avg60=0.00 avg300=0.00 total=${ms * 1000}\n`;

describe('the load of a node', () => {
  test('is measured over the time since the previous measurement', async () => {
    await using node = await startFixture({
      stat: procStat(100, 900),
      'net/dev': procNetDev(1_000_000, 0),
      'net/route': route,
      'net/udp': relay('C000') + relay('FFFF') + relay('0D96'),
      'net/udp6': relay('C001'),
    });
    expect(await node.meter.measure()).toMatchObject({
      cpuPercent: 0,
      bandwidthMbps: 0,
      allocations: { live: 3, started: 0, capacity: 16_384 },
    });

    node.clock.advance(5_000);
    await node.write('stat', procStat(225, 1_275));
    await node.write('net/dev', procNetDev(3_500_000, 1_000));
    await node.write('net/udp', relay('C000'));
    expect(await node.meter.measure()).toMatchObject({
      cpuPercent: 25,
      bandwidthMbps: 4,
      allocations: { live: 2, settled: 2, started: 0 },
    });
    expect(node.log).toEqual([
      'measuring the CPU load from /proc/stat, and the bandwidth of eth0',
      'CPU pressure cannot be read: CPU pressure is not reported',
      'process of the TURN server cannot be read: its open files are not reported, and all sockets in the relay range count as allocations',
    ]);
  });

  test('keeps the last bandwidth when the counters restart, and continues from there', async () => {
    await using node = await startFixture({
      stat: procStat(1, 1),
      'net/dev': procNetDev(0, 0),
      'net/route': route,
      'net/udp': '',
    });
    const bandwidths: number[] = [];
    for (const received of [5_000_000, 7_500_000, 100, 1_250_100]) {
      await node.write('net/dev', procNetDev(received, 0));
      bandwidths.push((await node.meter.measure()).bandwidthMbps);
      node.clock.advance(5_000);
    }
    expect(bandwidths).toEqual([0, 4, 4, 2]);
  });

  test.each<[what: string, received: number[], expected: number[]]>([
    ['go back to 0 and return', [500e9, 500e9 + 2.5e6, 0, 500e9 + 7.5e6, 500e9 + 10e6], [0, 4, 4, 4, 4]],
    ['go back a little and return', [500e9, 500e9 + 2.5e6, 500e9, 500e9 + 7.5e6, 500e9 + 10e6], [0, 4, 4, 4, 4]],
    ['return after two samples', [500e9, 500e9 + 2.5e6, 0, 1.25e6, 500e9 + 10e6, 500e9 + 12.5e6], [0, 4, 4, 2, 2, 4]],
  ])('skips the samples between which the counters %s', async (_what, received, expected) => {
    await using node = await startFixture({ 'net/route': route });
    const bandwidths: number[] = [];
    for (const bytes of received) {
      await node.write('net/dev', procNetDev(bytes, 0));
      bandwidths.push((await node.meter.measure()).bandwidthMbps);
      node.clock.advance(5_000);
    }
    expect(bandwidths).toEqual(expected);
  });

  test('notices a counter that goes back within the window, and one that another interface hides', async () => {
    await using node = await startFixture({}, { networkInterfaces: ['eth0', 'wg0'] });
    const bandwidths: number[] = [];
    // 8 Mbit/s on each interface, read once a second. In the fourth second eth0 is half a megabyte back.
    for (const second of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const carried = 1e9 + second * 1e6;
      await node.write('net/dev', both(second === 4 ? carried - 1.5e6 : carried, carried));
      bandwidths.push((await node.meter.measure()).bandwidthMbps);
      node.clock.advance(1_000);
    }
    expect(bandwidths.slice(1)).toEqual(Array(7).fill(16));
  });

  test('skips a sample of the CPU whose counters go back and return', async () => {
    await using node = await startFixture({ 'net/route': route });
    const figures: number[] = [];
    for (const [used, idle] of [
      [3e9, 1e9],
      [3e9 + 50, 1e9 + 150],
      [0, 0],
      [3e9 + 150, 1e9 + 450],
      [3e9 + 250, 1e9 + 550],
    ] as const) {
      await node.write('stat', procStat(used, idle));
      figures.push((await node.meter.measure()).cpuPercent);
      node.clock.advance(5_000);
    }
    expect(figures).toEqual([0, 25, 25, 25, 50]);
  });

  test('measures the configured interface', async () => {
    await using node = await startFixture(
      {
        stat: procStat(1, 1),
        'net/dev': procNetDev(9, 9) + procNetDev(0, 0, 'wg0'),
        'net/route': route,
        'net/udp': '',
      },
      { networkInterfaces: ['wg0'] },
    );
    expect(node.log).toEqual(['measuring the CPU load from /proc/stat, and the bandwidth of wg0']);
  });

  test.each<[what: string, files: Record<string, string>]>([
    ['without any route', {}],
    ['with a default route that is down', { 'net/route': route.replace('0003', '0002') }],
    [
      'with the routes of a VPN, which cover half of the addresses each',
      { 'net/route': route.replace('00000000\n', '00000080\n') },
    ],
  ])('measures lo %s, and warns until there is a default route', async (_what, files) => {
    await using node = await startFixture({ 'net/dev': procNetDev(9, 9, 'lo') + procNetDev(0, 0), ...files });
    expect(node.warnings).toEqual(['measure.no_default_route']);
    expect(node.log.slice(0, 2)).toEqual([
      'there is no default route: set NETWORK_INTERFACE to the interface of the calls',
      'measuring the CPU load from /proc/stat, and the bandwidth of lo',
    ]);
    await node.meter.measure();
    await node.write('net/route', route);
    await node.meter.measure();
    node.clock.advance(5_000);
    await node.write('net/dev', procNetDev(2_500_000, 0));
    expect((await node.meter.measure()).bandwidthMbps).toBe(4);
    expect(node.log.at(-1)).toBe('measuring the CPU load from /proc/stat, and the bandwidth of eth0');
    expect(node.warnings.filter((event) => event === 'measure.no_default_route')).toHaveLength(1);
  });

  test('does not warn about routes if NETWORK_INTERFACE is set', async () => {
    await using node = await startFixture({ 'net/dev': procNetDev(9, 9) }, { networkInterfaces: ['eth0'] });
    expect(node.warnings).toEqual([]);
  });

  test('logs each missing source once, and its return once', async () => {
    await using node = await startFixture({});
    expect(await node.meter.measure()).toEqual({
      cpuPercent: 0,
      bandwidthMbps: 0,
      allocations: {
        live: undefined,
        settled: undefined,
        started: undefined,
        capacity: 16_384,
      },
      details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
    });
    await node.meter.measure();
    await node.write('net/udp', '');
    await node.meter.measure();
    await node.meter.measure();
    await node.remove('net/udp');
    await node.meter.measure();
    expect(node.log).toEqual([
      'there is no default route: set NETWORK_INTERFACE to the interface of the calls',
      'measuring the CPU load from /proc/stat, and the bandwidth of lo',
      '/proc/stat cannot be read: the CPU load is reported as 0',
      'interface lo cannot be read: the bandwidth is reported as 0',
      '/proc/net/udp cannot be read: relay sockets are not counted',
      'CPU pressure cannot be read: CPU pressure is not reported',
      'process of the TURN server cannot be read: its open files are not reported, and all sockets in the relay range count as allocations',
      '/proc/net/udp can be read again',
      '/proc/net/udp cannot be read: relay sockets are not counted',
    ]);
  });

  test('reports the mean of the window, regardless of samples within it', async () => {
    await using node = await startFixture({ 'net/dev': procNetDev(0, 0), 'net/route': route });
    const bandwidths: number[] = [];
    // A burst of 1.25 MB in the third second, 10 Mbit.
    for (const second of Array.from({ length: 10 }, (_, index) => index)) {
      await node.write('net/dev', procNetDev(second < 3 ? 0 : 1_250_000, 0));
      if (second % 2 === 1) await node.meter.sample();
      else bandwidths.push((await node.meter.measure()).bandwidthMbps);
      node.clock.advance(1_000);
    }
    expect(bandwidths).toEqual([0, 0, 2.5, 2, 0]);
  });

  test('sums several interfaces, and continues with the others while one is missing', async () => {
    await using node = await startFixture({ 'net/dev': both(0, 0) }, { networkInterfaces: ['eth0', 'wg0'] });
    const bandwidths: number[] = [];
    const texts = [
      both(0, 0),
      both(1_250_000, 2_500_000),
      procNetDev(2_500_000, 0),
      procNetDev(3_750_000, 0),
      both(5_000_000, 9_000_000),
      both(6_250_000, 9_000_000),
    ];
    for (const text of texts) {
      await node.write('net/dev', text);
      bandwidths.push((await node.meter.measure()).bandwidthMbps);
      node.clock.advance(5_000);
    }
    expect(bandwidths).toEqual([0, 6, 6, 2, 2, 2]);
    expect(node.log).toContain('measuring the CPU load from /proc/stat, and the bandwidth of eth0 and wg0');
    expect(node.log).toContain('interface wg0 cannot be read: its traffic is not counted');
  });

  test('measures drops and CPU pressure', async () => {
    await using node = await startFixture({ 'net/dev': dropping(0), 'net/route': route, 'pressure/cpu': pressure(0) });
    await node.meter.measure();
    node.clock.advance(5_000);
    await node.write('net/dev', dropping(50));
    await node.write('pressure/cpu', pressure(250));
    expect((await node.meter.measure()).details).toMatchObject({ dropsPerSecond: 20, cpuPressurePercent: 5 });
  });
});
