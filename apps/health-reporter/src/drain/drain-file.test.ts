import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { EventEmitter, once } from 'node:events';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { watchDrainFile } from './drain-file.ts';
import { createOrders } from './orders.ts';

/** A watch that checks on demand, with its log and the present order. */
async function startWatch(path: string) {
  const log: string[] = [];
  const orders = createOrders();
  const turns = new EventEmitter();
  const watch = await watchDrainFile({
    path,
    orders,
    async wait(_ms, signal) {
      turns.emit('wait');
      // The signal ends the wait, too.
      await once(turns, 'look', { signal }).catch(() => undefined);
    },
    logger: pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) }),
  });
  return {
    log,
    order: () => orders.current(),
    async look() {
      const lookedAndWaits = once(turns, 'wait');
      turns.emit('look');
      await lookedAndWaits;
      return orders.current();
    },
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

describe('the drain file', () => {
  test('keeps the node withdrawn while it exists, without a log line', async () => {
    await using directory = await temporaryDirectory('drain');
    const path = join(directory.path, 'drain');
    await using watch = await startWatch(path);
    expect(watch.order()).toBe('report');
    await writeFile(path, '');
    expect(await watch.look()).toBe('stay_away');
    expect(await watch.look()).toBe('stay_away');
    await rm(path);
    expect(await watch.look()).toBe('report');
    expect(watch.log).toEqual([]);
  });

  test('is known at the start if it exists already', async () => {
    await using directory = await temporaryDirectory('drain');
    const path = join(directory.path, 'drain');
    await writeFile(path, '');
    await using watch = await startWatch(path);
    expect(watch.order()).toBe('stay_away');
  });

  test('does not exist if its directory does not exist or is a file', async () => {
    await using directory = await temporaryDirectory('drain');
    await writeFile(join(directory.path, 'file'), '');
    for (const name of ['nowhere/drain', 'file/drain']) {
      await using watch = await startWatch(join(directory.path, name));
      expect(watch.order()).toBe('report');
      expect(watch.log).toEqual([]);
    }
  });

  test('is logged once if it cannot be checked, and keeps the present order', async () => {
    await using directory = await temporaryDirectory('drain');
    const path = join(directory.path, 'drain');
    // Not even root can read a link to itself.
    const breakIt = () => symlink(path, path);
    await breakIt();
    await using watch = await startWatch(path);
    expect(watch.order()).toBe('report');
    expect(await watch.look()).toBe('report');
    await rm(path);
    await writeFile(path, '');
    expect(await watch.look()).toBe('stay_away');
    await rm(path);
    await breakIt();
    expect(await watch.look()).toBe('stay_away');
    const fault = JSON.stringify({
      level: 40,
      event: 'drain.file_unreadable',
      path,
      fault: 'ELOOP',
      msg: 'cannot check whether the drain file exists: keeping the present order',
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
