import { temporaryDirectory, createManualClock } from '@turn-router/testing';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { createLoadMeter, type LoadMeterOptions } from './load-meter.ts';

const lineSchema = z.object({ level: z.number(), event: z.string(), msg: z.string() });
export const route =
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n';
export const procStat = (used: number, idle: number) => `cpu  ${used} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1\n`;
export const procNetDev = (received: number, sent: number, name = 'eth0') =>
  `  ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
export const socket = (port: string, inode: number, address = '0100007F') =>
  `  1: ${address}:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0 0\n`;
export const relay = (port: string) => socket(port, 20_344);

/** A meter over its own /proc with handwritten files. */
export async function startFixture(files: Record<string, string>, options: Partial<LoadMeterOptions> = {}) {
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
