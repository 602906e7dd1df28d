import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { keptPolicyFile, openKeptPolicy, type KeptPolicyOptions } from './kept-policy.ts';

let directory: TemporaryDirectory;
let stateDir: string;
let path: string;
let faults: string[];
beforeEach(async () => {
  directory = await temporaryDirectory('kept');
  stateDir = join(directory.path, 'state');
  path = join(stateDir, keptPolicyFile);
  faults = [];
});
afterEach(async () => directory[Symbol.asyncDispose]());

const open = (options: Partial<KeptPolicyOptions> = {}) =>
  openKeptPolicy({
    stateDir,
    writes: true,
    onFault: (error) =>
      faults.push(typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'other'),
    onDamaged: () => faults.push('damaged'),
    ...options,
  });
const keptOf = (text: string) => ({ text, sha256: createHash('sha256').update(text).digest('hex') });

async function keep(...texts: string[]) {
  await using kept = await open();
  for (const text of texts) kept.keep(keptOf(text));
}

test('the newest policy is there after a restart', async () => {
  await keep('one', 'two', 'three # ü');
  expect((await open()).restored).toEqual(keptOf('three # ü'));
  expect(await readdir(stateDir)).toEqual([keptPolicyFile]);
});

test('nothing is kept without STATE_DIR, or by a process that does not write', async () => {
  for (const options of [{ stateDir: undefined }, { writes: false }]) {
    await using kept = await open(options);
    kept.keep(keptOf('one'));
    expect(kept.restored).toBeUndefined();
  }
  expect(await readdir(directory.path)).toEqual([]);
});

test('a copy that is cut or changed anywhere is moved aside', async () => {
  await keep('one');
  const whole = await readFile(path, 'utf8');
  const damaged = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
  for (const text of [...damaged, whole.replace('one', 'two'), '7', 'null']) {
    faults = [];
    await writeFile(path, text);
    expect((await open()).restored).toBeUndefined();
    expect(faults).toEqual(['damaged']);
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text);
  }
});

test('a policy that cannot be written is reported, and is written when a newer one comes', async () => {
  await mkdir(path, { recursive: true });
  await using kept = await open();
  kept.keep(keptOf('one'));
  await new Promise((resolve) => setImmediate(resolve));
  await kept[Symbol.asyncDispose]();
  expect(faults).toEqual(['EISDIR']);
  await rmdir(path);
  kept.keep(keptOf('two'));
  await kept[Symbol.asyncDispose]();
  expect((await open()).restored).toEqual(keptOf('two'));
});
