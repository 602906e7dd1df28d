import { describe, expect, test } from '@jest/globals';
import { createManualClock, temporaryDirectory } from '@turn-router/testing';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { createLoadMeter, type LoadMeterOptions } from './load-meter.ts';

const messageSchema = z.object({ msg: z.string() });
const route =
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n';
const procStat = (used: number, idle: number) => `cpu  ${used} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1\n`;
const procNetDev = (received: number, sent: number, name = 'eth0') =>
  `  ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
const relay = (port: string) =>
  `  1: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20344 2 0 0\n`;

/** A meter over a /proc of its own, whose files are written by hand. */
async function startFixture(files: Record<string, string>, options: Partial<LoadMeterOptions> = {}) {
  const root = await temporaryDirectory('load');
  await mkdir(join(root.path, 'proc/net'), { recursive: true });
  const write = async (path: string, text: string) => writeFile(join(root.path, 'proc', path), text);
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const clock = createManualClock();
  const log: string[] = [];
  const meter = await createLoadMeter({
    rootDirectory: root.path,
    networkInterface: undefined,
    relayPorts: { min: 49_152, max: 65_535 },
    cpuScope: 'auto',
    clock: { nowMs: clock.now, monotonicMs: clock.now },
    logger: pino({ base: null }, { write: (line) => log.push(messageSchema.parse(JSON.parse(line)).msg) }),
    ...options,
  });
  const remove = (path: string) => rm(join(root.path, 'proc', path));
  return { meter, clock, log, write, remove, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

describe('the load of a node', () => {
  test('is measured over the time since the measurement before', async () => {
    await using node = await startFixture({
      stat: procStat(100, 900),
      'net/dev': procNetDev(1_000_000, 0),
      'net/route': route,
      'net/udp': relay('C000') + relay('FFFF') + relay('0D96'),
      'net/udp6': relay('C001'),
    });
    expect(await node.meter.measure()).toEqual({
      cpuPercent: 0,
      bandwidthMbps: 0,
      allocations: { live: 3, started: 0 },
    });

    node.clock.advance(5_000);
    await node.write('stat', procStat(225, 1_275));
    await node.write('net/dev', procNetDev(3_500_000, 1_000));
    await node.write('net/udp', relay('C000'));
    expect(await node.meter.measure()).toEqual({
      cpuPercent: 25,
      bandwidthMbps: 4,
      allocations: { live: 2, started: 0 },
    });
    expect(node.log).toEqual(['CPU from /proc/stat, bandwidth of eth0']);
  });

  test('counts the allocations that began, those between two measurements and none of the probe', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.noticeAllocations();
    await node.write('net/udp', relay('C000') + relay('C002'));
    await node.meter.noticeAllocations(new Set([0xc002]));
    await node.write('net/udp6', relay('C003'));
    expect((await node.meter.measure()).allocations).toEqual({ live: 2, started: 2 });
  });

  test('goes on counting allocations where it was when the kernel tells of them again', async () => {
    await using node = await startFixture({ 'net/udp': relay('C000') });
    await node.meter.measure();
    await node.write('net/udp', relay('C000') + relay('C001'));
    await node.meter.measure();
    await node.remove('net/udp');
    expect((await node.meter.measure()).allocations).toBeUndefined();
    await node.write('net/udp', relay('C001') + relay('C002'));
    expect((await node.meter.measure()).allocations).toEqual({ live: 2, started: 2 });
  });

  test('keeps the last bandwidth when the counters begin anew, and goes on from there', async () => {
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

  test('takes the interface that is named in the settings', async () => {
    await using node = await startFixture(
      {
        stat: procStat(1, 1),
        'net/dev': procNetDev(9, 9) + procNetDev(0, 0, 'wg0'),
        'net/route': route,
        'net/udp': '',
      },
      { networkInterface: 'wg0' },
    );
    expect(node.log).toEqual(['CPU from /proc/stat, bandwidth of wg0']);
  });

  test('without any route takes lo', async () => {
    await using node = await startFixture({ stat: procStat(1, 1), 'net/dev': procNetDev(9, 9, 'lo'), 'net/udp': '' });
    expect(node.log).toEqual(['CPU from /proc/stat, bandwidth of lo']);
  });

  test('says once what is missing, and once that it is back', async () => {
    await using node = await startFixture({});
    expect(await node.meter.measure()).toEqual({ cpuPercent: 0, bandwidthMbps: 0, allocations: undefined });
    await node.meter.measure();
    await node.write('net/udp', '');
    await node.meter.measure();
    await node.meter.measure();
    await node.remove('net/udp');
    await node.meter.measure();
    expect(node.log).toEqual([
      'CPU from /proc/stat, bandwidth of lo',
      'no /proc/stat: the CPU is reported as 0',
      'no interface lo: the bandwidth is reported as 0',
      'no /proc/net/udp: allocations are not reported',
      '/proc/net/udp is there again',
      'no /proc/net/udp: allocations are not reported',
    ]);
  });
});
