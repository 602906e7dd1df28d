import { rename, rm, writeFile } from 'node:fs/promises';
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

describe('a file of API keys', () => {
  test('is a map of ids in YAML or JSON, whose values the feed validates', async () => {
    await put('web: {secrets: [{sha256: ab}]}\nbad: 7\n');
    const file = apiKeysFile(path);
    const keys = new Map([
      ['web', '{"secrets":[{"sha256":"ab"}]}'],
      ['bad', '7'],
    ]);
    expect(await file.readAll()).toEqual(keys);
    await put('{"web": {"secrets": [{"sha256": "ab"}]}, "bad": 7}');
    expect(await file.readAll()).toEqual(keys);
    await put('{}');
    expect(await file.readAll()).toEqual(new Map());
  });

  test('is not read again while it is unchanged', async () => {
    await put('{}');
    const file = apiKeysFile(path);
    const first = await file.readAll();
    expect(await file.readAll()).toBe(first);
    await put('{a: 1}');
    expect(await file.readAll()).not.toBe(first);
  });

  test.each([
    ['', 'line 1: Invalid input: expected record, received null; expected a map of ids to keys, {} for no keys'],
    ['- a', 'line 1: Invalid input: expected record, received array; expected a map of ids to keys, {} for no keys'],
    ['a: 1\na: 2', 'line 2: Map keys must be unique; expected a map of ids to keys, {} for no keys'],
  ])('is invalid as %j', async (text, fault) => {
    await put(text);
    await expect(apiKeysFile(path).readAll()).rejects.toMatchObject({
      name: 'RegistryError',
      message: `${path}: ${fault}`,
    });
  });

  test('is invalid if it is missing', async () => {
    await rm(path, { force: true });
    await expect(apiKeysFile(path).readAll()).rejects.toMatchObject({ message: `${path}: cannot be read (ENOENT)` });
  });
});
