import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { EventEmitter, once } from 'node:events';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { watchDrainFile } from './drain-file.ts';
import { createModeControl } from './requested-mode.ts';

/** A watch that checks on demand, with its log and the requested mode. */
async function startWatch(path: string) {
  const log: string[] = [];
  const modeControl = createModeControl();
  const turns = new EventEmitter();
  const watch = await watchDrainFile({
    path,
    modeControl,
    async wait(_ms, signal) {
      turns.emit('wait');
      // The signal ends the wait, too.
      await once(turns, 'check', { signal }).catch(() => undefined);
    },
    logger: pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) }),
  });
  return {
    log,
    mode: () => modeControl.current(),
    async check() {
      const lookedAndWaits = once(turns, 'wait');
      turns.emit('check');
      await lookedAndWaits;
      return modeControl.current();
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

describe('the drain file', () => {
  test('keeps the node withdrawn while it exists, without a log line', async () => {
    await using directory = await temporaryDirectory('drain');
    const path = join(directory.path, 'drain');
    await using watch = await startWatch(path);
    expect(watch.mode()).toBe('report');
    await writeFile(path, '');
    expect(await watch.check()).toBe('withdraw');
    expect(await watch.check()).toBe('withdraw');
    await rm(path);
    expect(await watch.check()).toBe('report');
    expect(watch.log).toEqual([]);
  });

  test('is known at the start if it exists already', async () => {
    await using directory = await temporaryDirectory('drain');
    const path = join(directory.path, 'drain');
    await writeFile(path, '');
    await using watch = await startWatch(path);
    expect(watch.mode()).toBe('withdraw');
  });

  test('does not exist if its directory does not exist or is a file', async () => {
    await using directory = await temporaryDirectory('drain');
    await writeFile(join(directory.path, 'file'), '');
    for (const name of ['nowhere/drain', 'file/drain']) {
      await using watch = await startWatch(join(directory.path, name));
      expect(watch.mode()).toBe('report');
      expect(watch.log).toEqual([]);
    }
  });

  test('is logged once if it cannot be checked, and keeps the requested mode', async () => {
    await using directory = await temporaryDirectory('drain');
    const path = join(directory.path, 'drain');
    // Not even root can read a link to itself.
    const breakIt = () => symlink(path, path);
    await breakIt();
    await using watch = await startWatch(path);
    expect(watch.mode()).toBe('report');
    expect(await watch.check()).toBe('report');
    await rm(path);
    await writeFile(path, '');
    expect(await watch.check()).toBe('withdraw');
    await rm(path);
    await breakIt();
    expect(await watch.check()).toBe('withdraw');
    const fault = JSON.stringify({
      level: 40,
      event: 'drain.file_unreadable',
      path,
      fault: 'ELOOP',
      msg: 'cannot check whether the drain file exists: the node stays as it is, draining or not',
    });
    const again = JSON.stringify({
      level: 30,
      event: 'drain.file_readable',
      path,
      msg: 'the drain file can be checked again',
    });
    expect(watch.log).toEqual([fault, again, fault]);
  });
});
