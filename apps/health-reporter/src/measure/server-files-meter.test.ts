import { describe, expect, test } from '@jest/globals';
import { createManualClock, temporaryDirectory } from '@turn-router/testing';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerFilesMeter } from './server-files-meter.ts';
import { createServerProcess } from './server-process.ts';

const limits = (soft: number) =>
  `Limit   Soft Limit  Hard Limit  Units\nMax open files            ${soft}   524288   files\n`;
const udpLine = (port: string, inode: number) =>
  `  1: 0100007F:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0 0\n`;

/** A /proc with a server on port 3478 (socket 77) in process 12, and another process. */
async function startFixture() {
  const root = await temporaryDirectory('server-files');
  const proc = join(root.path, 'proc');
  await mkdir(join(proc, 'net'), { recursive: true });
  await writeFile(join(proc, 'net/udp'), udpLine('0D96', 77) + udpLine('C000', 78));
  const addProcess = async (pid: number, ...inodes: number[]) => {
    await mkdir(join(proc, `${pid}/fd`), { recursive: true });
    await writeFile(join(proc, `${pid}/limits`), limits(1_024));
    for (const [file, inode] of inodes.entries()) await symlink(`socket:[${inode}]`, join(proc, `${pid}/fd/${file}`));
  };
  await addProcess(7, 70, 71);
  await addProcess(12, 76, 77, 78);
  const clock = createManualClock();
  const read = createServerFilesMeter(root.path, createServerProcess(root.path, 3_478, clock.now));
  const removeProcess = (pid: number) => rm(join(proc, `${pid}`), { recursive: true });
  return { read, clock, addProcess, removeProcess, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

describe("the files of the TURN server's process", () => {
  test('are those of the process that has the TURN port', async () => {
    await using machine = await startFixture();
    expect(await machine.read()).toEqual({ open: 3, limit: 1_024 });
  });

  test('are searched again after a minute once the process has ended', async () => {
    await using machine = await startFixture();
    await machine.read();
    await machine.removeProcess(12);
    expect(await machine.read()).toBeUndefined();
    await machine.addProcess(13, 77);
    machine.clock.advance(59_999);
    expect(await machine.read()).toBeUndefined();
    machine.clock.advance(1);
    expect(await machine.read()).toEqual({ open: 1, limit: 1_024 });
  });

  test('are readable on this machine', async () => {
    const socket = createSocket('udp4');
    await once(socket.bind(0, '127.0.0.1'), 'listening');
    const files = await createServerFilesMeter(
      '/',
      createServerProcess('/', socket.address().port, () => 0),
    )();
    socket.close();
    expect(files?.open).toBeGreaterThan(3);
    expect(files?.limit).toBeGreaterThan(files?.open ?? Infinity);
  });
});
