import { createHash } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openFilePolicySource } from '@turn-router/registry';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { PolicyError } from './policy-error.ts';
import { readPolicy } from './read-policy.ts';

const good = 'defaultRegion: us-east-1\nregions:\n  us-east-1: {location: [38.95, -77.45]}\n';
const bad =
  'defaultRegion: us-east-1\nregions:\n  us-east-1: {location: [95, -77.45]}\nspillover: {start: 0.9, full: 2}\ncolour: red\n';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The files of these tests have just changed. The waits for a file that stands still take no time. */
const clock = { nowMs: () => 0, wait: () => Promise.resolve() };

const readFrom = (path: string) => readPolicy(openFilePolicySource(path, clock));

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
    const { placement, residency, allowWeaker, capacity, regions: _, ...settings } = (await readFrom(path)).policy;
    const { placement: __, residency: ___, regions: ____, ...defaults } = (await readFrom(example)).policy;
    expect({ ...settings, capacity: { ...capacity, maxMbps: undefined } }).toEqual(defaults);
    expect(capacity.maxMbps).toBeGreaterThan(0);
    expect(residency).toHaveLength(1);
    expect(allowWeaker).toMatch(/^[0-9a-f]{64}$/);
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

  test('refuses a file above 1 MiB by its size', async () => {
    await writeFile(path, '');
    await truncate(path, 1_048_577);
    await expect(readFrom(path)).rejects.toThrow(`${path}: 1048577 bytes: expected at most 1048576`);
  });

  test('reports that a missing file cannot be read', async () => {
    await expect(readFrom(path)).rejects.toThrow(
      expect.objectContaining({ name: 'PolicyError', message: `${path}: cannot be read (ENOENT)` }),
    );
  });
});
