import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { keptCapacitiesFile, openKeptCapacities, type KeptCapacitiesOptions } from './kept-capacities.ts';

let directory: TemporaryDirectory;
let stateDir: string;
let path: string;
let said: string[];
beforeEach(async () => {
  directory = await temporaryDirectory('capacities');
  stateDir = join(directory.path, 'state');
  path = join(stateDir, keptCapacitiesFile);
  said = [];
});
afterEach(async () => directory[Symbol.asyncDispose]());

const open = (options: Partial<KeptCapacitiesOptions> = {}) =>
  openKeptCapacities({
    stateDir,
    writes: true,
    onWriteFailed: () => said.push('failed'),
    onWriteRecovered: () => said.push('recovered'),
    onDamaged: () => said.push('damaged'),
    intervalMs: 3_600_000,
    ...options,
  });
const proven = new Map([
  ['eu/large', 9_876.5],
  ['eu/small', 0.25],
]);

test('what the nodes have proven is there after a restart, in whole Mbit/s', async () => {
  {
    await using kept = await open();
    expect(kept.restored).toBeUndefined();
    kept.follow(() => proven);
  }
  expect(await readdir(stateDir)).toEqual([keptCapacitiesFile]);
  expect((await open()).restored).toEqual(new Map([...proven, ['eu/large', 9_876]]));
});

test('nothing is kept without STATE_DIR, or by a process that does not write', async () => {
  for (const options of [{ stateDir: undefined }, { writes: false }]) {
    await using kept = await open(options);
    kept.follow(() => proven);
  }
  expect(await readdir(directory.path)).toEqual([]);
});

test.each([
  '',
  'null',
  '{"provenMbps":{"eu/large":1',
  '{"provenMbps":{"eu/large":-1}}',
  '{"provenMbps":{"eu/large":1e308}}',
  '{"provenMbps":{"__proto__ x":1}}',
])('a damaged file counts as no file, and the next write replaces it: %s', async (text) => {
  await mkdir(stateDir);
  await writeFile(path, text);
  {
    await using kept = await open();
    expect(kept.restored).toBeUndefined();
    kept.follow(() => proven);
  }
  expect(said).toEqual(['damaged']);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ provenMbps: { 'eu/large': 9876, 'eu/small': 0.25 } });
});

test('failed writes are reported once, and so is their end', async () => {
  await mkdir(path, { recursive: true });
  const kept = await open();
  kept.follow(() => proven);
  await kept[Symbol.asyncDispose]();
  await kept[Symbol.asyncDispose]();
  expect(said).toEqual(['failed']);
  await rmdir(path);
  await kept[Symbol.asyncDispose]();
  expect(said).toEqual(['failed', 'recovered']);
});
