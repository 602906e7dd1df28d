import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hash, hashDirectory, read } from './hash-directory.fixture.ts';
import { textFromHash } from './hash-text.ts';

const marked = (entries: Record<string, string>, sequence: number) => textFromHash(hash(entries), sequence);

describe('a durable hash whose files may lack entries', () => {
  const noOrder = 'incomplete: the two files differ, and neither is known to be newer';
  const older = 'incomplete: the files are older than the content in memory';

  test.each<[string, { path?: string; copy?: string }, Record<string, string>, string | undefined]>([
    ['a file without a mark', { path: '{}', copy: marked({ a: '1' }, 3) }, { a: '1' }, noOrder],
    ['a copy without a mark', { path: marked({ a: '1' }, 3), copy: '{"b":"2"}' }, { a: '1', b: '2' }, noOrder],
    ['two files without a mark', { path: '{"a":"1"}', copy: '{"b":"2"}' }, { a: '1', b: '2' }, noOrder],
    ['the same number', { path: marked({ a: '1' }, 3), copy: marked({ b: '2' }, 3) }, { a: '1', b: '2' }, noOrder],
    ['a damaged copy', { path: '{}', copy: '' }, {}, 'incomplete: expected a complete JSON object of strings'],
    ['the same content without a mark', { path: '{"a":"1"}', copy: marked({ a: '1' }, 3) }, { a: '1' }, undefined],
    ['an older copy', { path: marked({ a: '1' }, 3), copy: marked({ b: '2' }, 2) }, { a: '1' }, undefined],
    ['one file without a mark', { path: '{"a":"1"}' }, { a: '1' }, undefined],
  ])('is opened with all their entries: %s', async (_what, { path, copy }, content, said) => {
    await using at = await hashDirectory();
    await mkdir(at.state);
    if (path !== undefined) await writeFile(at.path, path);
    if (copy !== undefined) await writeFile(at.copy, copy);
    await using durable = await at.open();
    expect([durable.content(), durable.isComplete(), at.said.find((each) => each.startsWith('incomplete'))]).toEqual([
      hash(content),
      said === undefined,
      said,
    ]);
  });

  type At = Awaited<ReturnType<typeof hashDirectory>>;
  const changes: [string, (at: At, before: readonly string[]) => Promise<unknown>, string][] = [
    [
      'an older pair of files',
      async (at, before) => {
        for (const [index, path] of [at.path, at.copy].entries()) await writeFile(path, before[index] ?? '');
      },
      older,
    ],
    [
      'one older file, without the other',
      async (at, before) => {
        await rm(at.copy);
        await writeFile(at.path, before[0] ?? '');
      },
      older,
    ],
    [
      'other files with the same number',
      async (at) => {
        for (const path of [at.path, at.copy]) await writeFile(path, marked({ c: '3' }, 2));
      },
      older,
    ],
    ['a file without a mark', (at) => writeFile(at.path, '{}'), noOrder],
    [
      'a file without a mark, beside a damaged copy',
      async (at) => {
        await writeFile(at.path, '{}');
        await writeFile(at.copy, '');
      },
      'incomplete: expected a complete JSON object of strings',
    ],
  ];

  test.each(changes)(
    'keeps all entries that it knows while it runs, also after a restart: %s',
    async (_, put, said) => {
      await using at = await hashDirectory();
      {
        await using durable = await at.open();
        await durable.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
        const before = await Promise.all([at.path, at.copy].map((path) => readFile(path, 'utf8')));
        await durable.replaceAll([{ name: 'b', expected: undefined, next: '2' }]);
        await put(at, before);
        await durable.refresh();
        expect([durable.content()?.get('a'), durable.content()?.get('b'), durable.isComplete()]).toEqual([
          '1',
          '2',
          false,
        ]);
        expect(at.said).toContain(said);
        await durable.refresh();
        expect(durable.isComplete()).toBe(false);
      }
      await using next = await at.open();
      expect([next.content()?.get('b'), next.isComplete()]).toEqual(['2', false]);
      // The operator accepts the content.
      for (const name of await readdir(at.state)) if (name.includes('.unsaved-')) await rm(join(at.state, name));
      if (said === noOrder) await rm(at.path);
      await next.refresh();
      await next.refresh();
      expect([next.content()?.get('b'), next.isComplete()]).toEqual(['2', true]);
      await next.refresh();
      expect(await Promise.all([at.path, at.copy].map(read))).toMatchObject(
        Array.from({ length: 2 }, () => ({ ok: true, hash: next.content() })),
      );
    },
  );

  test('is taken from one file without a mark, if the operator has removed the other one', async () => {
    await using at = await hashDirectory();
    await using durable = await at.open();
    await durable.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    await rm(at.copy);
    await writeFile(at.path, '{"b":"2"}');
    await durable.refresh();
    expect([durable.content(), durable.isComplete()]).toEqual([hash({ b: '2' }), true]);
    await durable.refresh();
    expect(await read(at.copy)).toMatchObject({ hash: hash({ b: '2' }), sequence: 2 });
  });

  test('is complete, whatever the files say, if another source has told the content', async () => {
    await using at = await hashDirectory();
    await using durable = await at.open();
    durable.use(hash({ a: '1' }));
    await durable.refresh();
    await writeFile(at.path, '{}');
    await writeFile(`${at.path}.unsaved-other`, '');
    await durable.refresh();
    expect([durable.content(), durable.isComplete()]).toEqual([hash({ a: '1' }), true]);
    expect(await read(at.path)).toMatchObject({ hash: hash({ a: '1' }) });
  });

  test('is incomplete while another process has a change that is not on disk', async () => {
    await using at = await hashDirectory();
    await using one = await at.open();
    await using other = await at.open();
    await one.replaceAll([{ name: 'a', expected: undefined, next: '1' }]);
    await other.refresh();
    // A third process holds the lock.
    await writeFile(`${at.path}.lock`, '');
    await one.replaceAll([{ name: 'a', expected: '1', next: '2' }]);
    await other.refresh();
    expect([one.isComplete(), one.isSaved(), other.isComplete()]).toEqual([true, false, false]);
    expect(at.said).toContain('incomplete: another process could not write a change');
    // A change of the incomplete process must not leave the two waiting for each other.
    await rm(`${at.path}.lock`);
    await other.replaceAll([{ name: 'c', expected: undefined, next: '3' }]);
    at.clock.advance(60_000);
    await one.refresh();
    await other.refresh();
    await one.refresh();
    expect([one.isComplete(), other.isComplete()]).toEqual([true, true]);
    expect(other.content()).toEqual(hash({ a: '2', c: '3' }));
    expect((await readdir(at.state)).toSorted()).toEqual(['keys.json', 'keys.json.copy']);
  });
});
