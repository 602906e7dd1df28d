import { rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { apiKeysFile } from './api-keys-file.ts';

let directory: TemporaryDirectory;
let path: string;
beforeAll(async () => {
  directory = await temporaryDirectory('api-keys');
  path = join(directory.path, 'keys.yaml');
});
afterAll(async () => directory[Symbol.asyncDispose]());

/** As an editor does that leaves no half-written file. */
async function put(text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

let kept: unknown[] = [];
const openFile = () => {
  kept = [];
  return apiKeysFile(path, { nowMs: () => 0, wait: () => Promise.resolve() }, (each) => kept.push(each));
};

/** Looks as often as the feed of the keys does in some seconds. Returns the keys after the last look. */
async function lookFor(file: ReturnType<typeof openFile>, looks: number) {
  for (let look = 1; look < looks; look += 1) await file.readAll();
  return file.readAll();
}

const originsOf = (keys: ReadonlyMap<string, string> | undefined) => {
  const record = keys?.get('web');
  // An entry without fields is no usable key.
  return record?.startsWith('{') === true ? record.includes('origins') : undefined;
};

const textOfKeys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, {}])));

describe('a file of API keys', () => {
  test('has at most 10 000 keys', async () => {
    await put(textOfKeys(10_000));
    expect((await openFile().readAll())?.size).toBe(10_000);
    await put(textOfKeys(10_001));
    await expect(openFile().readAll()).rejects.toThrow('10001 keys: expected at most 10000');
  });

  test('is a map of ids in YAML or JSON, whose values the feed validates', async () => {
    await put('web: {secrets: [{sha256: ab}]}\nbad: 7\n');
    const file = openFile();
    const keys = new Map([
      ['web', '{"secrets":[{"sha256":"ab"}]}'],
      ['bad', '7'],
    ]);
    expect(await file.readAll()).toEqual(keys);
    await put('{"web": {"secrets": [{"sha256": "ab"}]}, "bad": 7}');
    expect(await lookFor(file, 2)).toEqual(keys);
    await put('{}');
    expect(await lookFor(file, 2)).toEqual(new Map());
  });

  test('is not read again while it is unchanged', async () => {
    await put('{}');
    const file = openFile();
    const first = await file.readAll();
    expect(await file.readAll()).toBe(first);
    await put('{a: 1}');
    expect(await lookFor(file, 2)).not.toBe(first);
  });

  test.each([
    ['', 'line 1: Invalid input: expected record, received null; expected a map of ids to keys, {} for no keys'],
    ['- a', 'line 1: Invalid input: expected record, received array; expected a map of ids to keys, {} for no keys'],
    ['a: 1\na: 2', 'line 2: Map keys must be unique; expected a map of ids to keys, {} for no keys'],
  ])('is invalid as %j', async (text, fault) => {
    await put(text);
    await expect(openFile().readAll()).rejects.toMatchObject({
      name: 'RegistryError',
      message: `${path}: ${fault}`,
    });
  });

  describe('that may be cut', () => {
    const secrets = 'web:\n  secrets: [{sha256: ab}]\n';
    const restricted = `${secrets}  origins: [https://app.example.org]\n`;

    test('never drops a restriction, however long it stays cut, and says so once', async () => {
      await put(restricted);
      const file = openFile();
      await file.readAll();
      await writeFile(path, secrets);
      expect(originsOf(await lookFor(file, 100))).toBe(true);
      expect(kept).toEqual([[{ key: 'web', fields: ['origins'] }]]);
      await writeFile(path, restricted);
      expect(originsOf(await lookFor(file, 2))).toBe(true);
      expect(kept).toHaveLength(1);
    });

    test('never drops a restriction while it is written again in pieces', async () => {
      const first = 'other: {secrets: [{sha256: cd}]}\n';
      await put(first + restricted);
      const file = openFile();
      await file.readAll();
      await writeFile(path, first);
      expect([...((await lookFor(file, 2))?.keys() ?? [])]).toEqual(['other']);
      await writeFile(path, `${first}web:\n`);
      expect(originsOf(await lookFor(file, 2))).toBeUndefined();
      await writeFile(path, first + secrets);
      expect(originsOf(await lookFor(file, 2))).toBe(true);
      await writeFile(path, `${first}${secrets}...\n`);
      expect(originsOf(await lookFor(file, 2))).toBe(false);
      await writeFile(path, `${first}${secrets}  label: web\n`);
      expect(originsOf(await lookFor(file, 2))).toBe(false);
    });

    test.each(['other: {secrets: [{sha256: cd}]}\n...\n', '{}'])(
      'keeps the restriction of a key that a whole file did not have: %j',
      async (text) => {
        await put(restricted);
        const file = openFile();
        await file.readAll();
        await writeFile(path, text);
        expect((await lookFor(file, 2))?.has('web')).toBe(false);
        await writeFile(path, secrets);
        expect(originsOf(await lookFor(file, 2))).toBe(true);
        expect(kept).toEqual([[{ key: 'web', fields: ['origins'] }]]);
        await writeFile(path, `${secrets}...\n`);
        expect(originsOf(await lookFor(file, 2))).toBe(false);
      },
    );

    test('is used for everything else: new and lost secrets, new keys, other restrictions', async () => {
      await put(`${restricted}  max_ttl_seconds: 60\n  label: old\n`);
      const file = openFile();
      await file.readAll();
      await put(`new: {secrets: [{sha256: cd}]}\nbad: 7\nweb:\n  secrets: [{sha256: ef}]\n  max_ttl_seconds: 30\n`);
      const keys = await lookFor(file, 2);
      expect([...(keys?.keys() ?? [])]).toEqual(['new', 'bad', 'web']);
      expect(JSON.parse(keys?.get('web') ?? '')).toEqual({
        secrets: [{ sha256: 'ef' }],
        max_ttl_seconds: 30,
        origins: ['https://app.example.org'],
      });
    });

    test.each([
      ['its last line is the end of the document', `${secrets}...\n`],
      ['it is JSON', '{"web": {"secrets": [{"sha256": "ab"}]}}\n'],
    ])('is used at once if %s', async (_, text) => {
      await put(restricted);
      const file = openFile();
      await file.readAll();
      await put(text);
      expect(originsOf(await lookFor(file, 2))).toBe(false);
      expect(kept).toEqual([]);
    });

    test('is used at once if a key is gone, or has a restriction more', async () => {
      await put(`${restricted}other: {secrets: [{sha256: cd}]}\n`);
      const file = openFile();
      await file.readAll();
      await put(`${restricted}  regions: [eu]\n`);
      expect([...((await lookFor(file, 2))?.keys() ?? [])]).toEqual(['web']);
    });

    test('never drops a restriction at any cut', async () => {
      await put(restricted);
      const file = openFile();
      await file.readAll();
      const seen = new Set<boolean | string | undefined>();
      for (let length = restricted.length; length >= 0; length -= 1) {
        await truncate(path, length);
        seen.add(await lookFor(file, 3).then(originsOf, ({ name }: Error) => name));
      }
      expect(seen).toEqual(new Set([true, undefined, 'RegistryError']));
    });
  });

  test('keeps reporting a fault until the file is readable', async () => {
    await put('{}');
    const file = openFile();
    await file.readAll();
    await put('- a');
    for (let look = 0; look < 20; look += 1) await expect(file.readAll()).rejects.toThrow('line 1: Invalid input');
    await put('{a: 1}');
    expect(await file.readAll()).toEqual(new Map([['a', '1']]));
  });

  test('is invalid if it is missing', async () => {
    await rm(path, { force: true });
    await expect(openFile().readAll()).rejects.toMatchObject({ message: `${path}: cannot be read (ENOENT)` });
  });
});
