import { describe, expect, test } from '@jest/globals';
import { createManualClock, temporaryDirectory } from '@turn-router/testing';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { createLoadMeter, type LoadMeterOptions } from './load-meter.ts';

const addressSchema = z.object({ port: z.number() });
const messageSchema = z.object({ msg: z.string() });
const route =
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n';
const procStat = (used: number, idle: number) => `cpu  ${used} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1\n`;
const procNetDev = (received: number, sent: number, name = 'eth0') =>
  `  ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
const relay = (port: string) =>
  `  1: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20344 2 0 0\n`;

/** A meter over its own /proc with handwritten files. */
async function startFixture(files: Record<string, string>, options: Partial<LoadMeterOptions> = {}) {
  const root = await temporaryDirectory('load');
  await mkdir(join(root.path, 'proc/net'), { recursive: true });
  await mkdir(join(root.path, 'proc/pressure'));
  const write = async (path: string, text: string) => writeFile(join(root.path, 'proc', path), text);
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const clock = createManualClock();
  const log: string[] = [];
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
    logger: pino({ base: null }, { write: (line) => log.push(messageSchema.parse(JSON.parse(line)).msg) }),
    ...options,
  });
  const remove = (path: string) => rm(join(root.path, 'proc', path));
  return { meter, clock, log, write, remove, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

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
      allocations: { live: 2, started: 0 },
    });
    expect(node.log).toEqual([
      'measuring the CPU load from /proc/stat, and the bandwidth of eth0',
      'CPU pressure cannot be read: CPU pressure is not reported',
      'process of the TURN server cannot be read: its open files are not reported',
    ]);
  });

  test('counts new allocations, also between two measurements, and not those of the probe', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.sample();
    await node.write('net/udp', relay('C000') + relay('C002'));
    await node.meter.sample(new Set([0xc002]));
    await node.write('net/udp6', relay('C003'));
    expect((await node.meter.measure()).allocations).toMatchObject({ live: 2, started: 2 });
  });

  test('continues the count of allocations once the kernel lists them again', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.measure();
    await node.remove('net/udp');
    expect((await node.meter.measure()).allocations).toEqual({ live: undefined, started: undefined, capacity: 16_384 });
    await node.write('net/udp', relay('C001') + relay('C002'));
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

  test('measures lo without any route', async () => {
    await using node = await startFixture({ stat: procStat(1, 1), 'net/dev': procNetDev(9, 9, 'lo'), 'net/udp': '' });
    expect(node.log).toEqual(['measuring the CPU load from /proc/stat, and the bandwidth of lo']);
  });

  test('logs each missing source once, and its return once', async () => {
    await using node = await startFixture({});
    expect(await node.meter.measure()).toEqual({
      cpuPercent: 0,
      bandwidthMbps: 0,
      allocations: { live: undefined, started: undefined, capacity: 16_384 },
      details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
    });
    await node.meter.measure();
    await node.write('net/udp', '');
    await node.meter.measure();
    await node.meter.measure();
    await node.remove('net/udp');
    await node.meter.measure();
    expect(node.log).toEqual([
      'measuring the CPU load from /proc/stat, and the bandwidth of lo',
      '/proc/stat cannot be read: the CPU load is reported as 0',
      'interface lo cannot be read: the bandwidth is reported as 0',
      '/proc/net/udp cannot be read: relay sockets are not counted',
      'CPU pressure cannot be read: CPU pressure is not reported',
      'process of the TURN server cannot be read: its open files are not reported',
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
    const both = (first: number, second: number) => procNetDev(first, 0) + procNetDev(second, 0, 'wg0');
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
