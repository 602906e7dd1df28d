import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryPaths } from '../temporary-paths.fixture.ts';
import type { GeoVerdict } from './geo-proofs.ts';
import { keepProofsIn, type KeptProofsOptions } from './kept-proofs.ts';

const pathOf = temporaryPaths();
const digestOf = (number: number) => number.toString(16).padStart(64, '0');
const digest = digestOf(0xabc);
const sound: GeoVerdict = { sound: true };
let folders = 0;

type VerdictStore = {
  directory: string;
  /** The path of the verdict on `digest`. */
  path: string;
  /** Requests the verdict on a file, like a new start. */
  ask: (options?: { of?: string; verdict?: GeoVerdict; userId?: number }) => Promise<GeoVerdict>;
  /** Verified files, ignored verdicts and failed writes, in order. */
  events: string[];
};

function openStore(): VerdictStore {
  const directory = join(pathOf(`${++folders}`), 'geoip-verdicts');
  const events: string[] = [];
  return {
    directory,
    path: join(directory, `${digest}.json`),
    events,
    ask: ({ of = digest, verdict = sound, ...others } = {}) => {
      const options: KeptProofsOptions = {
        directory,
        ...others,
        onVerdictIgnored: (reason) => events.push(`ignored ${reason}`),
        onNotKept: (reason) => events.push(`not stored ${reason}`),
      };
      return keepProofsIn(options).verdictOn(of, () => {
        events.push('verified');
        return Promise.resolve(verdict);
      });
    },
  };
}

/** Stores the verdict on a sound file. */
async function openWithVerdict(): Promise<VerdictStore> {
  const kept = openStore();
  await kept.ask();
  expect(kept.events.splice(0)).toEqual(['verified']);
  return kept;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('a stored verdict', () => {
  test('replaces the verification at the next start, and is not rewritten', async () => {
    const { ask, path, events } = await openWithVerdict();
    const before = await stat(path, { bigint: true });
    expect(await ask()).toEqual({ sound: true });
    expect(events).toEqual([]);
    const after = await stat(path, { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs]);
  });

  test('and its folder are accessible only to the owner, and it names digest and version', async () => {
    const { directory, path } = await openWithVerdict();
    expect([await modeOf(directory), await modeOf(path)]).toEqual(['700', '600']);
    expect(await readFile(path, 'utf8')).toBe(`{"verdict":"sound","verifier":1,"sha256":"${digest}"}\n`);
    expect(await readdir(directory)).toEqual([`${digest}.json`]);
  });

  test('does not apply to other files', async () => {
    const { ask, events } = await openWithVerdict();
    await ask({ of: digestOf(2) });
    expect(events).toEqual(['verified']);
  });

  test('exists only for sound files: other files are verified each time', async () => {
    const { ask, events } = openStore();
    const bad: GeoVerdict = { sound: false, problem: 'is cyclic' };
    expect(await ask({ verdict: bad })).toEqual(bad);
    expect(await ask({ verdict: bad })).toEqual(bad);
    expect(events).toEqual(['verified', 'verified']);
  });

  const other = JSON.stringify({ verdict: 'sound', verifier: 1, sha256: digestOf(0xabd) });
  test.each<[string, (kept: VerdictStore) => unknown, string | RegExp]>([
    ['is writable for its group', ({ path }) => chmod(path, 0o620), 'is writable for other users'],
    ['is writable for everybody', ({ path }) => chmod(path, 0o602), 'is writable for other users'],
    [
      'is in a folder that is writable for its group',
      ({ directory }) => chmod(directory, 0o770),
      'its folder is writable for other users',
    ],
    [
      'is in a folder that is writable for everybody',
      ({ directory }) => chmod(directory, 0o1777),
      'its folder is writable for other users',
    ],
    [
      'is behind a symbolic link',
      async ({ path }) => {
        await rename(path, `${path}.elsewhere`);
        await symlink(`${path}.elsewhere`, path);
      },
      'cannot be read (ELOOP)',
    ],
    [
      'is in a folder behind a symbolic link',
      async ({ directory }) => {
        await rename(directory, `${directory}.elsewhere`);
        await symlink(`${directory}.elsewhere`, directory);
      },
      'its folder is not a directory',
    ],
    [
      'is a named pipe without a writer',
      async ({ path }) => {
        await rm(path);
        execFileSync('mkfifo', ['-m', '600', path]);
      },
      'is not a regular file',
    ],
    [
      'is a folder',
      async ({ path }) => {
        await rm(path);
        await mkdir(path, { mode: 0o700 });
      },
      'is not a regular file',
    ],
    ['is empty', ({ path }) => truncate(path, 0), 'is damaged or from another version of the verifier'],
    ['is cut off', ({ path }) => truncate(path, 40), 'is damaged or from another version of the verifier'],
    [
      'is too large by a byte',
      ({ path }) => writeFile(path, ' ', { flag: 'a' }),
      'is damaged or from another version of the verifier',
    ],
    [
      'is too large by far',
      ({ path }) => truncate(path, 2 ** 40),
      'is damaged or from another version of the verifier',
    ],
    [
      'has one wrong byte',
      async ({ path }) => writeFile(path, (await readFile(path, 'utf8')).replace('sound', 'soind')),
      'is damaged or from another version of the verifier',
    ],
    [
      'is of another version of the verifier',
      async ({ path }) => writeFile(path, (await readFile(path, 'utf8')).replace('"verifier":1', '"verifier":0')),
      'is damaged or from another version of the verifier',
    ],
    [
      'is the verdict of another file',
      ({ path }) => writeFile(path, `${other}\n`),
      'is damaged or from another version of the verifier',
    ],
  ])('is ignored when it %s', async (_, spoil, reason) => {
    const kept = await openWithVerdict();
    await spoil(kept);
    expect(await kept.ask()).toEqual({ sound: true });
    expect(kept.events.slice(0, 2)).toEqual([`ignored ${kept.path}: ${reason}`, 'verified']);
  });

  test('is ignored and not rewritten when it and its folder belong to another user', async () => {
    const { ask, path, directory, events } = await openWithVerdict();
    const userId = (process.geteuid?.() ?? 0) + 1;
    await ask({ userId });
    expect(events).toEqual([
      `ignored ${path}: its folder belongs to another user`,
      'verified',
      `not stored ${directory}: belongs to another user`,
    ]);
    expect(await readdir(directory)).toEqual([`${digest}.json`]);
  });

  test('is rewritten if its owner can correct the permissions, and trusted from then on', async () => {
    const { ask, path, directory, events } = await openWithVerdict();
    await chmod(directory, 0o777);
    await chmod(path, 0o666);
    await ask();
    await ask();
    expect(events).toEqual([`ignored ${path}: its folder is writable for other users`, 'verified']);
    expect([await modeOf(directory), await modeOf(path)]).toEqual(['700', '600']);
  });
});

describe('without a writable folder', () => {
  test('verifies a file each time, and reports the reason', async () => {
    const { ask, directory, events } = openStore();
    await writeFile(dirname(directory), 'a file where the parent folder should be');
    expect(await ask()).toEqual({ sound: true });
    expect(events).toEqual([
      `ignored ${join(directory, `${digest}.json`)}: cannot be read (ENOTDIR)`,
      'verified',
      `not stored ${directory}: cannot be written to (ENOTDIR)`,
    ]);
  });

  test('passes on an error of the verification, and stores nothing', async () => {
    const { directory } = openStore();
    const fault = new Error('out of memory');
    await expect(keepProofsIn({ directory }).verdictOn(digest, () => Promise.reject(fault))).rejects.toBe(fault);
    await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a folder of verdicts', () => {
  test('holds at most 32 complete verdicts after concurrent writes', async () => {
    const { ask, directory, events } = openStore();
    const digests = Array.from({ length: 48 }, (_, index) => digestOf(index));
    await Promise.all([...digests, ...digests].map((of) => ask({ of })));
    expect(events.filter((event) => event !== 'verified')).toEqual([]);
    const names = await readdir(directory);
    // Two concurrent writers may delete different verdicts.
    expect(names.length).toBeLessThanOrEqual(32);
    expect(names.length).toBeGreaterThan(0);
    events.length = 0;
    for (const name of names) await ask({ of: name.slice(0, 64) });
    expect(events).toEqual([]);
  });

  test('drops the oldest verdict first, and temporary files that are older than an hour', async () => {
    const { ask, directory } = openStore();
    const digests = Array.from({ length: 32 }, (_, index) => digestOf(index));
    for (const of of digests) await ask({ of });
    const hourAgo = new Date(Date.now() - 3_700_000);
    const abandoned = `${digest}.json.00000000-0000-0000-0000-000000000000.tmp`;
    const fresh = `${digest}.json.00000000-0000-0000-0000-000000000001.tmp`;
    for (const name of [abandoned, fresh, 'notes.txt']) await writeFile(join(directory, name), '');
    for (const name of [`${digestOf(7)}.json`, abandoned, 'notes.txt'])
      await utimes(join(directory, name), hourAgo, hourAgo);
    await ask();
    const kept = [...digests.filter((of) => of !== digestOf(7)), digest].map((of) => `${of}.json`);
    expect((await readdir(directory)).toSorted()).toEqual([...kept, fresh, 'notes.txt'].toSorted());
  });
});
