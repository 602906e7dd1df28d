import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '@turn-router/testing';
import { hash, hashDirectory, read } from './hash-directory.fixture.ts';

describe('a durable hash', () => {
  test('is in two files that only their owner can read, and is there after a restart', async () => {
    await using at = await hashDirectory();
    {
      await using first = await at.open();
      expect([first.content(), first.isComplete(), first.isSaved()]).toEqual([undefined, true, true]);
      expect(await first.replaceAll([{ name: 'a', expected: undefined, next: '1' }])).toBe(true);
      expect(await first.replaceAll([{ name: 'a', expected: undefined, next: '2' }])).toBe(false);
      expect(first.isSaved()).toBe(true);
    }
    expect((await readdir(at.state)).toSorted()).toEqual(['keys.json', 'keys.json.copy']);
    const modes = await Promise.all([at.state, at.path, at.copy].map((each) => stat(each)));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600, 0o600]);
    expect(await Promise.all([at.path, at.copy].map(read))).toEqual(
      Array.from({ length: 2 }, () => ({ ok: true, hash: hash({ a: '1' }), sequence: 1 })),
    );
    await using second = await at.open();
    expect(second.content()).toEqual(hash({ a: '1' }));
    expect(at.said).toEqual(['unsaved', 'saved']);
  });

  test('is only read by a process that does not write', async () => {
    await using at = await hashDirectory();
    await using reader = await at.open(false);
    reader.use(hash({ a: '1' }));
    await reader.refresh();
    await expect(stat(at.path)).rejects.toMatchObject({ code: 'ENOENT' });
    expect([reader.content(), at.said]).toEqual([hash({ a: '1' }), []]);
  });

  test('reads a file of an earlier release, and writes both files', async () => {
    await using at = await hashDirectory();
    await mkdir(at.state);
    await writeFile(at.path, '{"new":"2"}');
    await using durable = await at.open();
    expect([durable.content(), durable.isComplete()]).toEqual([hash({ new: '2' }), true]);
    await durable.refresh();
    expect(await Promise.all([at.path, at.copy].map(read))).toEqual(
      Array.from({ length: 2 }, () => ({ ok: true, hash: hash({ new: '2' }), sequence: 1 })),
    );
  });

  test('uses the whole copy if the other is damaged, keeps the damaged file under another name, and writes it again', async () => {
    await using at = await hashDirectory();
    {
      await using first = await at.open();
      await first.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    }
    for (const [number, path] of [at.path, at.copy, at.path, at.copy, at.path, at.path, at.path, at.path].entries()) {
      await truncate(path, number);
      await using next = await at.open();
      await next.refresh();
      expect([next.content(), next.isComplete()]).toEqual([hash({ a: '1' }), true]);
      expect(await read(path)).toMatchObject({ ok: true, hash: hash({ a: '1' }) });
    }
    const names = await readdir(at.state);
    const damaged = names.filter((name) => name.startsWith('keys.json.damaged-'));
    expect([damaged.length, damaged.includes('keys.json.damaged-19700101T000001000Z-6')]).toEqual([5, true]);
  });

  test('is incomplete if an earlier release has changed one file and has kept its closing mark as an entry', async () => {
    await using at = await hashDirectory();
    {
      await using first = await at.open();
      await first.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    }
    const entries: unknown = JSON.parse(await readFile(at.path, 'utf8'));
    await writeFile(at.path, JSON.stringify({ ...Object(entries), b: '2' }));
    await using second = await at.open();
    expect([second.content(), second.isComplete(), at.said.at(-1)]).toEqual([
      hash({ a: '1' }),
      false,
      'incomplete: the closing mark is not at the end',
    ]);
    await rm(at.copy);
    await writeFile(at.path, '{"a":"1","b":"2"}');
    // The first look sees a file that has just changed, and may be half written.
    await second.refresh();
    await second.refresh();
    expect([second.content(), second.isComplete()]).toEqual([hash({ a: '1', b: '2' }), true]);
  });

  test('takes no state from the middle of a repair, whenever it looks at the files', async () => {
    for (let round = 0; round < 40; round += 1) {
      await using at = await hashDirectory();
      {
        await using first = await at.open();
        await first.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
      }
      const entries: unknown = JSON.parse(await readFile(at.path, 'utf8'));
      await writeFile(at.path, JSON.stringify({ ...Object(entries), b: '2' }));
      await using second = await at.open();
      const looks = Array.from({ length: 4 }, () => second.refresh());
      await rm(at.copy);
      await writeFile(at.path, '{"a":"1","b":"2"}');
      await Promise.all(looks);
      for (let look = 0; look < 3; look += 1) await second.refresh();
      expect([round, second.content(), second.isComplete()]).toEqual([round, hash({ a: '1', b: '2' }), true]);
    }
  });

  test('is incomplete if both files are damaged, and overwrites none of them until it is told the whole content', async () => {
    await using at = await hashDirectory();
    {
      await using first = await at.open();
      await first.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    }
    await truncate(at.path, 3);
    await rm(at.copy);
    await mkdir(at.copy);
    await using second = await at.open();
    await second.refresh();
    expect([second.content(), second.isComplete(), await readFile(at.path, 'utf8')]).toEqual([undefined, false, '{"a']);
    second.use(hash({ b: '2' }));
    await second.refresh();
    expect(second.isComplete()).toBe(true);
    expect(at.said.slice(2)).toEqual([
      'incomplete: expected a regular file',
      'complete',
      'unsaved',
      'aside: keys.json.copy.damaged-19700101T000001000Z',
      'aside: keys.json.damaged-19700101T000001000Z',
      'saved',
    ]);
  });

  test('stays incomplete after a change, also after a restart, until the operator removes the marker', async () => {
    await using at = await hashDirectory();
    await mkdir(at.state);
    await writeFile(at.path, '{"a":');
    {
      await using first = await at.open();
      await first.replaceAll([{ name: 'b', expected: undefined, next: '2' }]);
      expect([first.isSaved(), first.isComplete()]).toEqual([true, false]);
    }
    await using second = await at.open();
    expect([second.content(), second.isComplete()]).toEqual([hash({ b: '2' }), false]);
    for (const name of await readdir(at.state)) if (name.includes('.unsaved-')) await rm(join(at.state, name));
    // The first look sees files that have just changed.
    await second.refresh();
    await second.refresh();
    expect(second.isComplete()).toBe(true);
  });

  test('is written again after a failure, at growing intervals, and says so once', async () => {
    await using at = await hashDirectory();
    await writeFile(at.state, '');
    await using durable = await at.open();
    durable.use(hash({ a: '1' }));
    await durable.refresh();
    at.clock.advance(499);
    await durable.refresh();
    at.clock.advance(1);
    await durable.refresh();
    await rm(at.state);
    at.clock.advance(999);
    await durable.refresh();
    expect(durable.isSaved()).toBe(false);
    at.clock.advance(1);
    await durable.refresh();
    expect([durable.isSaved(), at.said]).toEqual([
      true,
      ['incomplete: ENOTDIR', 'complete', 'unsaved', 'failed: ENOTDIR', 'saved', 'recovered'],
    ]);
  });

  test('says at its end that the last content is not on disk', async () => {
    await using at = await hashDirectory();
    const durable = await at.open();
    await writeFile(at.state, '');
    durable.use(hash({ a: '1' }));
    await durable[Symbol.asyncDispose]();
    expect(at.said.slice(-2)).toEqual(['failed: ENOTDIR', 'abandoned']);
  });

  test('writes its files again if they disappear or become damaged', async () => {
    await using at = await hashDirectory();
    await using durable = await at.open();
    await durable.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    await rm(at.state, { recursive: true });
    await durable.refresh();
    await truncate(at.path, 0);
    await truncate(at.copy, 0);
    await durable.refresh();
    expect([await read(at.path), durable.isSaved()]).toMatchObject([{ ok: true, hash: hash({ a: '1' }) }, true]);
  });

  test('is shared by two processes: each adds its change to what the other has written', async () => {
    await using at = await hashDirectory();
    await using one = await at.open();
    await using other = await at.open();
    await Promise.all([
      one.replaceAll([{ name: 'a', expected: undefined, next: '1' }]),
      other.replaceAll([{ name: 'b', expected: undefined, next: '2' }]),
    ]);
    await Promise.all([one.refresh(), other.refresh()]);
    const both = hash({ a: '1', b: '2' });
    expect([one.content(), other.content(), await read(at.path)]).toMatchObject([both, both, { hash: both }]);
  });

  test('waits for a lock, and takes the lock of a killed process after five seconds', async () => {
    await using at = await hashDirectory();
    await using durable = await at.open();
    await mkdir(at.state);
    await writeFile(`${at.path}.lock`, '');
    await durable.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    expect(at.said).toEqual(['unsaved', 'failed: another process holds the lock of the file']);
    at.clock.advance(5_000);
    await durable.refresh();
    expect(durable.isSaved()).toBe(true);
    await writeFile(`${at.path}.lock`, '');
    const replaced = durable.replaceAll([{ name: 'a', expected: '1', next: '2' }]);
    await eventually('the lock to be free', () => rm(`${at.path}.lock`).then(() => true));
    await replaced;
    expect([durable.isSaved(), await read(at.path)]).toMatchObject([true, { hash: hash({ a: '2' }) }]);
  });
});
