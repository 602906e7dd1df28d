import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openFilePolicySource } from '@turn-router/registry';
import { eventually, temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { PolicyError, readPolicy, watchPolicy } from './follow-policy.ts';

const good = 'defaultRegion: us-east-1\nregions:\n  us-east-1: {location: [38.95, -77.45]}\n';
const better = 'defaultRegion: eu-central-1\nregions:\n  eu-central-1: {location: [50.11, 8.68]}\n';
const bad =
  'defaultRegion: us-east-1\nregions:\n  us-east-1: {location: [95, -77.45]}\nspillover: {start: 0.9, full: 2}\ncolour: red\n';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const readFrom = (path: string) => readPolicy(openFilePolicySource(path, Date.now));

let directory: TemporaryDirectory;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory('policy');
  path = join(directory.path, 'policy.yaml');
});
afterEach(async () => directory[Symbol.asyncDispose]());

describe('the example policy', () => {
  const example = fileURLToPath(new URL('../../policy.example.yaml', import.meta.url));

  test('is valid, and shows the defaults', async () => {
    const { defaultRegion, regions, ...defaults } = (await readFrom(example)).policy;
    await writeFile(path, good);
    expect((await readFrom(path)).policy).toMatchObject(defaults);
    expect(regions).toHaveProperty(defaultRegion);
  });

  test('is valid with every setting uncommented, with the defaults as values', async () => {
    const uncommented = (await readFile(example, 'utf8')).replaceAll(/^( *)#(?!#)/gm, '$1');
    // Of the two ways to write the same setting, YAML allows one.
    await writeFile(path, uncommented.replace(/^ {4}spillover: \[us-west-2, eu-central-1\]\n/m, ''));
    const { placement, residency, regions: _, ...settings } = (await readFrom(path)).policy;
    const { placement: __, residency: ___, regions: ____, ...defaults } = (await readFrom(example)).policy;
    expect(settings).toEqual(defaults);
    expect(residency).toHaveLength(1);
    expect(Object.values(placement).every((overrides) => Object.keys(overrides).length > 0)).toBe(true);
  });
});

describe('reading the policy file', () => {
  test('returns the policy with its defaults', async () => {
    await writeFile(path, good);
    expect((await readFrom(path)).policy).toMatchObject({
      defaultRegion: 'us-east-1',
      regions: { 'us-east-1': { location: [38.95, -77.45], spillover: [], enabled: true } },
      credentials: { ttlSeconds: 3600 },
    });
  });

  test('returns the hash of the text, also of a refused one', async () => {
    await writeFile(path, good);
    expect((await readFrom(path)).sha256).toBe(sha256(good));
    await writeFile(path, bad);
    await expect(readFrom(path)).rejects.toMatchObject({ sha256: sha256(bad) });
  });

  test('reports each fault with its line', async () => {
    await writeFile(path, bad);
    await expect(readFrom(path)).rejects.toThrow(
      new PolicyError(
        [
          `${path}:3: regions.us-east-1.location[0]: Too big: expected number to be <=90`,
          `${path}:4: spillover.full: Too big: expected number to be <=1`,
          `${path}:5: colour: Unknown field`,
        ].join('\n'),
      ),
    );
  });

  test('reports the line of a YAML syntax error', async () => {
    await writeFile(path, 'defaultRegion: us-east-1\nregions: {\n');
    await expect(readFrom(path)).rejects.toThrow(
      expect.objectContaining({ name: 'PolicyError', message: expect.stringMatching(`^${path}:[23]: `) }),
    );
  });

  test.each([
    ['an empty file', ''],
    ['a list', '[]'],
    ['text', 'defaultRegion'],
  ])('rejects %s', async (_what, text) => {
    await writeFile(path, text);
    await expect(readFrom(path)).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^\S+:1: Invalid input: expected object, received \w+$/),
      }),
    );
  });

  test('reports that a missing file cannot be read', async () => {
    await expect(readFrom(path)).rejects.toThrow(
      expect.objectContaining({ name: 'PolicyError', message: `${path}: cannot be read (ENOENT)` }),
    );
  });
});

describe('watching the policy file', () => {
  let seen: string[];
  let watch: Disposable;
  beforeEach(async () => {
    seen = [];
    await writeFile(path, good);
    const source = openFilePolicySource(path, Date.now);
    watch = watchPolicy(source, await source.current(), {
      onPolicy: ({ policy: { defaultRegion } }) => seen.push(defaultRegion),
      onRefused: (error) => seen.push(error.message),
    });
    // The watch must have looked once before a change is one.
    await eventually('the watch to notice a change', async () => {
      await writeFile(path, good);
      return seen.length > 0;
    });
    seen = [];
  });
  afterEach(() => watch[Symbol.dispose]());

  const nextEvent = (count: number) => eventually(`event ${count}`, () => seen.length >= count && seen[count - 1]);

  test('applies a change, refuses an invalid one with its faults by line, and applies a valid one again', async () => {
    await writeFile(path, better);
    expect(await nextEvent(1)).toBe('eu-central-1');

    await writeFile(path, bad);
    const refusal = await nextEvent(2);
    expect(refusal).toBe(
      [
        `${path}:3: regions.us-east-1.location[0]: Too big: expected number to be <=90`,
        `${path}:4: spillover.full: Too big: expected number to be <=1`,
        `${path}:5: colour: Unknown field`,
      ].join('\n'),
    );

    await writeFile(path, good);
    expect(await nextEvent(3)).toBe('us-east-1');
    expect(seen).toEqual(['eu-central-1', refusal, 'us-east-1']);
  });

  test('applies a file that is moved into place, and reports its disappearance', async () => {
    const draft = join(directory.path, 'draft.yaml');
    await writeFile(draft, better);
    await rename(draft, path);
    expect(await nextEvent(1)).toBe('eu-central-1');
    await rm(path);
    expect(await nextEvent(2)).toBe(`${path}: cannot be read (ENOENT)`);
    await writeFile(path, good);
    expect(await nextEvent(3)).toBe('us-east-1');
  });

  test('reports once that the file has disappeared since the start', async () => {
    // The watch of all tests may report its own file late, so this watch has a list of its own.
    const said: string[] = [];
    const gone = join(directory.path, 'gone.yaml');
    await writeFile(gone, good);
    const source = openFilePolicySource(gone, Date.now);
    const first = await readPolicy(source);
    await rm(gone);
    using watching = watchPolicy(source, first, {
      onPolicy: ({ version }) => said.push(`${version}`),
      onRefused: (error) => said.push(error.message),
    });
    await watching.firstReading;
    const missing = `${gone}: cannot be read (ENOENT)`;
    expect(said).toEqual([missing]);
    // The watch itself tells of a file that is missing when it begins.
    await eventually('the file to be noticed', async () => {
      await writeFile(gone, better);
      return said.length > 1;
    });
    expect(said.slice(0, 2)).toEqual([missing, '2']);
  });

  test('notices a change between the first reading and the watch', async () => {
    const changed = join(directory.path, 'changed.yaml');
    await writeFile(changed, good);
    const source = openFilePolicySource(changed, Date.now);
    const first = await readPolicy(source);
    await writeFile(changed, better);
    using watching = watchPolicy(source, first, {
      onPolicy: ({ version, policy: { defaultRegion } }) => seen.push(`${version} ${defaultRegion}`),
      onRefused: (error) => seen.push(error.message),
    });
    await watching.firstReading;
    expect(seen).toEqual(['2 eu-central-1']);
  });
});
