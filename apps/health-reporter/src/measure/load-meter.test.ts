import { describe, expect, test } from '@jest/globals';
import { createManualClock, temporaryDirectory } from '@turn-router/testing';
import { once } from 'node:events';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { createLoadMeter, type LoadMeterOptions } from './load-meter.ts';

const addressSchema = z.object({ port: z.number() });
const lineSchema = z.object({ level: z.number(), event: z.string(), msg: z.string() });
const route =
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n';
const procStat = (used: number, idle: number) => `cpu  ${used} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1\n`;
const procNetDev = (received: number, sent: number, name = 'eth0') =>
  `  ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
const socket = (port: string, inode: number, address = '0100007F') =>
  `  1: ${address}:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0 0\n`;
const relay = (port: string) => socket(port, 20_344);

/** A meter over its own /proc with handwritten files. */
async function startFixture(files: Record<string, string>, options: Partial<LoadMeterOptions> = {}) {
  const root = await temporaryDirectory('load');
  await mkdir(join(root.path, 'proc/net'), { recursive: true });
  await mkdir(join(root.path, 'proc/pressure'));
  const write = async (path: string, text: string) => writeFile(join(root.path, 'proc', path), text);
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const clock = createManualClock();
  const log: string[] = [];
  const warnings: string[] = [];
  const meter = await createLoadMeter({
    rootDirectory: root.path,
    networkInterfaces: undefined,
    bandwidthWindowMs: 5_000,
    relayPorts: { min: 49_152, max: 65_535 },
    turnPort: 3_478,
    metricsUrl: undefined,
    metricsTimeoutMs: 1_000,
    cpuScope: 'auto',
    clock: { nowMs: clock.now, monotonicMs: clock.now },
    logger: pino(
      { base: null },
      {
        write(line) {
          const { level, event, msg } = lineSchema.parse(JSON.parse(line));
          log.push(msg);
          if (level >= 40) warnings.push(event);
        },
      },
    ),
    ...options,
  });
  const remove = (path: string) => rm(join(root.path, 'proc', path));
  /** Gives a process an open socket. */
  const own = async (pid: number, fd: number, inode: number) => {
    await mkdir(join(root.path, `proc/${pid}/fd`), { recursive: true });
    await symlink(`socket:[${inode}]`, join(root.path, `proc/${pid}/fd/${fd}`));
  };
  const disown = (pid: number, fd: number) => remove(`${pid}/fd/${fd}`);
  return {
    meter,
    clock,
    log,
    warnings,
    write,
    remove,
    own,
    disown,
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

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

  test('counts new allocations, also between two measurements, and not those of the probe', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.sample();
    node.clock.advance(5_000);
    await node.write('net/udp', relay('C000') + relay('C002'));
    await node.meter.sample(new Set([0xc002]));
    await node.write('net/udp6', relay('C003'));
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, settled: 1, started: 0 });
    node.clock.advance(7_000);
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, settled: 2, started: 1 });
  });

  test('continues the count of allocations once the kernel lists them again', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.measure();
    await node.remove('net/udp');
    expect((await node.meter.measure()).allocations).toEqual({
      live: undefined,
      settled: undefined,
      started: undefined,
      capacity: 16_384,
    });
    await node.write('net/udp', relay('C001') + relay('C002'));
    await node.meter.measure();
    node.clock.advance(7_000);
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, started: 2 });
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

  describe('with a visible TURN server', () => {
    const turnSocket = socket('0D96', 77);
    async function startVisible() {
      const node = await startFixture({ 'net/udp': turnSocket + socket('C000', 78) + socket('C000', 900, '0200007F') });
      for (const [fd, inode] of [
        [0, 77],
        [1, 78],
      ] as const)
        await node.own(12, fd, inode);
      await node.own(7, 3, 900);
      return node;
    }

    test('counts only the relay sockets of its process', async () => {
      await using node = await startVisible();
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 1, started: 0 });
      await node.own(12, 4, 79);
      await node.own(7, 4, 901);
      await node.write('net/udp', turnSocket + [78, 79, 900, 901].map((inode) => socket('C000', inode)).join(''));
      await node.meter.sample();
      node.clock.advance(7_000);
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, settled: 2, started: 1 });
      await node.write('net/udp', turnSocket + [900, 901].map((inode) => socket('C000', inode)).join(''));
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 0, started: 1 });
    });

    test('counts a relay socket whose file number was used by another socket before', async () => {
      await using node = await startVisible();
      await node.meter.measure();
      await node.disown(12, 1);
      await node.own(12, 1, 80);
      await node.write('net/udp', turnSocket + socket('C000', 80));
      await node.meter.measure();
      node.clock.advance(7_000);
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 1, started: 1 });
    });

    test('does not count known sockets of other programs while the process is invisible, and counts new sockets', async () => {
      await using node = await startVisible();
      await node.meter.measure();
      for (const fd of [0, 1]) await node.disown(12, fd);
      await node.write('net/udp', [78, 81, 900].map((inode) => socket('C000', inode)).join(''));
      await node.meter.measure();
      node.clock.advance(7_000);
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, started: 1 });
    });

    test('finds the new process of a restarted server within a minute', async () => {
      await using node = await startVisible();
      await node.meter.measure();
      for (const fd of [0, 1]) await node.disown(12, fd);
      await node.own(13, 5, 177);
      await node.write('net/udp', socket('0D96', 177) + socket('C001', 900) + socket('C001', 902));
      await node.meter.measure();
      node.clock.advance(60_000);
      await node.meter.measure();
      expect((await node.meter.measure()).allocations).toMatchObject({ live: 0 });
    });
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

  test('reads the allocations from the exporter, and from the relay sockets while it does not answer', async () => {
    let answer = '# TYPE turn_total_allocations gauge\nturn_total_allocations{type="UDP"} 7\n';
    const exporter = createServer((_request, response) => void response.end(answer)).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const { port } = addressSchema.parse(exporter.address());
    await using node = await startFixture(
      { 'net/udp': relay('C000') },
      { metricsUrl: `http://127.0.0.1:${port}/metrics` },
    );
    const live = async () => (await node.meter.measure()).allocations.live;
    expect(await live()).toBe(7);
    // The exporter also counts probes of other nodes, whose sockets are younger than calls.
    await node.write('net/udp', relay('C000') + relay('C001'));
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 7, settled: 6 });
    await node.write('net/udp', relay('C000'));
    answer = '<html>not an exporter</html>';
    expect(await live()).toBe(1);
    answer = '# TYPE eturnal_turn_open_sessions gauge\neturnal_turn_open_sessions{transport="udp"} 9\n';
    expect(await live()).toBe(9);
    exporter.close().closeAllConnections();
    expect(await live()).toBe(1);
    expect(node.log.filter((line) => line.includes('TURN_METRICS_URL'))).toEqual([
      'exporter at TURN_METRICS_URL cannot be read: counting relay sockets as allocations',
      'exporter at TURN_METRICS_URL can be read again',
      'exporter at TURN_METRICS_URL cannot be read: counting relay sockets as allocations',
    ]);
  });

  test('does not wait for a silent exporter', async () => {
    const exporter = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(exporter, 'listening');
    const { port } = addressSchema.parse(exporter.address());
    const options = { metricsUrl: `http://127.0.0.1:${port}/`, metricsTimeoutMs: 20 };
    await using node = await startFixture({ 'net/udp': relay('C000') }, options);
    expect((await node.meter.measure()).allocations.live).toBe(1);
    exporter.close().closeAllConnections();
  });
});
