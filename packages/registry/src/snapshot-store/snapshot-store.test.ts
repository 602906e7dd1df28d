import { describe, expect, test } from '@jest/globals';
import { createManualClock, eventually, temporaryDirectory } from '@turn-router/testing';
import fc from 'fast-check';
import { mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { nodeRecord, nodeRecords } from './node-record.fixture.ts';
import { openSnapshotStore } from './snapshot-store.ts';

/** Long enough that only the first save and the disposal write. */
const noInterval = 3_600_000;

async function storePath() {
  const directory = await temporaryDirectory('snapshot');
  const path = join(directory.path, 'registry.ndjson');
  const said: string[] = [];
  const clock = createManualClock(1000);
  return {
    directory: directory.path,
    path,
    said,
    clock,
    open: (intervalMs: number, flushTimeoutMs?: number) =>
      openSnapshotStore(
        path,
        {
          onWriteFailed: ({ code }) => said.push(code),
          onWriteRecovered: () => said.push('recovered'),
          onSetAside: (name, { code }) => said.push(`${name} ${code}`),
        },
        { nowMs: clock.now, intervalMs, ...(flushTimeoutMs === undefined ? {} : { flushTimeoutMs }) },
      ),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('the snapshot store', () => {
  test('is empty at first, and returns the saved records when opened again', async () => {
    await using at = await storePath();
    const first = at.open(noInterval);
    expect(await first.read()).toBeUndefined();
    const records = nodeRecords(2);
    first.save(nodeRecords(5), 'run-1');
    at.clock.advance(500);
    first.save(records, 'run-2');
    await first[Symbol.asyncDispose]();

    await using second = at.open(noInterval);
    expect(await second.read()).toEqual({
      ok: true,
      records,
      savedAt: new Date(1500),
      serverId: 'run-2',
      rejectedCount: 0,
    });
    expect(at.said).toEqual([]);
  });

  test('writes the first snapshot at once, and the next only after the interval', async () => {
    await using at = await storePath();
    await using store = at.open(noInterval);
    store.save(nodeRecords(2), 'run-1');
    store.save(nodeRecords(3), 'run-2');
    await eventually('the first write', () => store.read());
    store.save(nodeRecords(4), 'run-3');
    expect(await store.read()).toMatchObject({ ok: true, serverId: 'run-1' });
  });

  test('writes repeatedly in the background', async () => {
    await using at = await storePath();
    await using store = at.open(1);
    const seen: (string | undefined)[] = [];
    for (const serverId of ['run-1', 'run-2', 'run-3']) {
      store.save(nodeRecords(2), serverId);
      const parsed = await eventually(`${serverId} on the disk`, async () => {
        const found = await store.read();
        return found?.ok === true && found.serverId === serverId && found;
      });
      seen.push(parsed.serverId);
    }
    expect(seen).toEqual(['run-1', 'run-2', 'run-3']);
  });

  test('does not write the same records again, neither in the background nor at the end', async () => {
    await using at = await storePath();
    const records = nodeRecords(3);
    const store = at.open(1);
    store.save(records, 'run-1');
    await eventually('the first write', () => store.read());
    at.clock.advance(500);
    store.save(records.toReversed(), 'run-1');
    await store[Symbol.asyncDispose]();
    expect(await store.read()).toMatchObject({ ok: true, savedAt: new Date(1000) });
  });

  test.each([
    ['another server', nodeRecords(3), 'run-2'],
    ['a node less', nodeRecords(2), 'run-1'],
    ['no node', [], 'run-1'],
  ])('writes again for %s', async (_what, records, serverId) => {
    await using at = await storePath();
    const known = nodeRecords(3);
    const store = at.open(1);
    store.save(known, 'run-1');
    await eventually('the first write', () => store.read());
    store.save(known.slice(0, records.length), serverId);
    await store[Symbol.asyncDispose]();
    expect(await store.read()).toMatchObject({ ok: true, records, serverId });
  });

  test('writes again for a newer report of the same text', async () => {
    await using at = await storePath();
    const store = at.open(1);
    store.save(nodeRecords(3), 'run-1');
    await eventually('the first write', () => store.read());
    at.clock.advance(500);
    store.save(nodeRecords(3), 'run-1');
    await store[Symbol.asyncDispose]();
    expect(await store.read()).toMatchObject({ ok: true, savedAt: new Date(1500) });
  });

  test('holds a complete snapshot at any moment, and the newest at the end', async () => {
    const anySaves = fc.array(fc.record({ count: fc.nat(400), turns: fc.nat(6) }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(anySaves, async (saves) => {
        await using at = await storePath();
        const store = at.open(0);
        const given: (readonly NodeRecord[])[] = [];
        for (const { count, turns } of saves) {
          given.push(nodeRecords(count));
          store.save(given.at(-1) ?? [], 'run-1');
          for (let turn = 0; turn < turns; turn += 1) await nextTurn();
          const seen = await store.read();
          expect(seen === undefined || (seen.ok && given.some(({ length }) => length === seen.records.length))).toBe(
            true,
          );
        }
        await store[Symbol.asyncDispose]();
        expect(await store.read()).toMatchObject({ ok: true, records: given.at(-1), rejectedCount: 0 });
        expect(at.said).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('reports failing writes once when they begin and once when they end', async () => {
    await using at = await storePath();
    await mkdir(at.path);
    const store = at.open(1);
    store.save(nodeRecords(1), 'run-1');
    await eventually('the failure', () => at.said.length === 1);
    await rmdir(at.path);
    await eventually('the recovery', () => at.said.length === 2);
    await rm(at.path);
    await mkdir(at.path);
    store.save(nodeRecords(2), 'run-1');
    await eventually('the second failure', () => at.said.length === 3);
    await rmdir(at.path);
    await store[Symbol.asyncDispose]();
    expect(at.said).toEqual(['not_a_file', 'recovered', 'not_a_file', 'recovered']);
    expect(await store.read()).toMatchObject({ ok: true, records: nodeRecords(2) });
  });

  test('reports failing writes once even if the last one fails, too', async () => {
    await using at = await storePath();
    await mkdir(at.path);
    const store = at.open(1);
    store.save([nodeRecord(1)], 'run-1');
    await eventually('the failure', () => at.said.length > 0);
    await store[Symbol.asyncDispose]();
    expect(at.said).toEqual(['not_a_file']);
  });

  test('ends in time on a hanging disk, and leaves the old file unchanged', async () => {
    await using at = await storePath();
    const first = at.open(noInterval);
    first.save(nodeRecords(1), 'run-1');
    await first[Symbol.asyncDispose]();
    const { ino } = await stat(at.path);

    const second = at.open(noInterval, 0);
    second.save(nodeRecords(50_000), 'run-1');
    await second[Symbol.asyncDispose]();
    expect(at.said).toEqual(['timeout']);
    await eventually('the write to be given up', async () => (await readdir(at.directory)).length === 1);
    expect((await stat(at.path)).ino).toBe(ino);
  });

  test('renames a damaged file before it writes the next one', async () => {
    await using at = await storePath();
    await writeFile(at.path, '{"format":"turn-router-snapshot","version":1,');
    await using store = at.open(noInterval);
    expect(await store.read()).toMatchObject({ ok: false, fault: { code: 'truncated' } });
    store.save(nodeRecords(1), 'run-1');
    await eventually('the write', async () => (await store.read())?.ok);
    const aside = 'registry.ndjson.damaged-19700101T000001000Z';
    expect([at.said, (await readdir(at.directory)).toSorted()]).toEqual([
      [`${aside} truncated`],
      ['registry.ndjson', aside],
    ]);
  });
});
