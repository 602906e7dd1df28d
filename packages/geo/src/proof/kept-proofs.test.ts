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

type Kept = {
  directory: string;
  /** Where the verdict on `digest` stands. */
  path: string;
  /** Asks for the verdict on a file, as a start of its own would. */
  ask: (options?: { of?: string; verdict?: GeoVerdict; userId?: number }) => Promise<GeoVerdict>;
  /** What was proved, disbelieved and not kept. */
  events: string[];
};

function openKept(): Kept {
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
        onDisbelieved: (reason) => events.push(`disbelieved ${reason}`),
        onNotKept: (reason) => events.push(`not kept ${reason}`),
      };
      return keepProofsIn(options).verdictOn(of, () => {
        events.push('proved');
        return Promise.resolve(verdict);
      });
    },
  };
}

/** Of a file that has been found sound once. */
async function openKnown(): Promise<Kept> {
  const kept = openKept();
  await kept.ask();
  expect(kept.events.splice(0)).toEqual(['proved']);
  return kept;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('a verdict that is kept', () => {
  test('spares the next start the proof, and is not written again', async () => {
    const { ask, path, events } = await openKnown();
    const before = await stat(path, { bigint: true });
    expect(await ask()).toEqual({ sound: true });
    expect(events).toEqual([]);
    const after = await stat(path, { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs]);
  });

  test('is for its owner alone, as its folder is, and says what it is', async () => {
    const { directory, path } = await openKnown();
    expect([await modeOf(directory), await modeOf(path)]).toEqual(['700', '600']);
    expect(await readFile(path, 'utf8')).toBe(`{"verdict":"sound","verifier":1,"sha256":"${digest}"}\n`);
    expect(await readdir(directory)).toEqual([`${digest}.json`]);
  });

  test('says nothing of other files', async () => {
    const { ask, events } = await openKnown();
    await ask({ of: digestOf(2) });
    expect(events).toEqual(['proved']);
  });

  test('is only that a file is sound: one that is not is proved again', async () => {
    const { ask, events } = openKept();
    const bad: GeoVerdict = { sound: false, problem: 'is cyclic' };
    expect(await ask({ verdict: bad })).toEqual(bad);
    expect(await ask({ verdict: bad })).toEqual(bad);
    expect(events).toEqual(['proved', 'proved']);
  });

  const other = JSON.stringify({ verdict: 'sound', verifier: 1, sha256: digestOf(0xabd) });
  test.each<[string, (kept: Kept) => unknown, string | RegExp]>([
    ['may be written to by its group', ({ path }) => chmod(path, 0o620), 'may be written to by other users'],
    ['may be written to by everybody', ({ path }) => chmod(path, 0o602), 'may be written to by other users'],
    [
      'is in a folder that its group may write to',
      ({ directory }) => chmod(directory, 0o770),
      'its folder may be written to by other users',
    ],
    [
      'is in a folder that everybody may write to',
      ({ directory }) => chmod(directory, 0o1777),
      'its folder may be written to by other users',
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
      'its folder is something else',
    ],
    [
      'is a named pipe, which nobody writes to',
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
    ['is empty', ({ path }) => truncate(path, 0), 'is damaged, or of another version'],
    ['is cut off', ({ path }) => truncate(path, 40), 'is damaged, or of another version'],
    ['is too large by a byte', ({ path }) => writeFile(path, ' ', { flag: 'a' }), 'is damaged, or of another version'],
    ['is too large by far', ({ path }) => truncate(path, 2 ** 40), 'is damaged, or of another version'],
    [
      'has one wrong byte',
      async ({ path }) => writeFile(path, (await readFile(path, 'utf8')).replace('sound', 'soind')),
      'is damaged, or of another version',
    ],
    [
      'is of another version of the verifier',
      async ({ path }) => writeFile(path, (await readFile(path, 'utf8')).replace('"verifier":1', '"verifier":0')),
      'is damaged, or of another version',
    ],
    ['is that of another file', ({ path }) => writeFile(path, `${other}\n`), 'is damaged, or of another version'],
  ])('is not believed when it %s', async (_, spoil, reason) => {
    const kept = await openKnown();
    await spoil(kept);
    expect(await kept.ask()).toEqual({ sound: true });
    expect(kept.events.slice(0, 2)).toEqual([`disbelieved ${kept.path}: ${reason}`, 'proved']);
  });

  test('is not believed when it and its folder belong to another user, and nothing is written there', async () => {
    const { ask, path, directory, events } = await openKnown();
    const userId = (process.geteuid?.() ?? 0) + 1;
    await ask({ userId });
    expect(events).toEqual([
      `disbelieved ${path}: its folder belongs to another user`,
      'proved',
      `not kept ${directory}: belongs to another user`,
    ]);
    expect(await readdir(directory)).toEqual([`${digest}.json`]);
  });

  test('is made anew after a disbelief that its owner can mend, and believed from then on', async () => {
    const { ask, path, directory, events } = await openKnown();
    await chmod(directory, 0o777);
    await chmod(path, 0o666);
    await ask();
    await ask();
    expect(events).toEqual([`disbelieved ${path}: its folder may be written to by other users`, 'proved']);
    expect([await modeOf(directory), await modeOf(path)]).toEqual(['700', '600']);
  });
});

describe('where no verdict can be kept', () => {
  test('a file is proved each time, and the reason is given', async () => {
    const { ask, directory, events } = openKept();
    await writeFile(dirname(directory), 'a file where the parent folder should be');
    expect(await ask()).toEqual({ sound: true });
    expect(events).toEqual([
      `disbelieved ${join(directory, `${digest}.json`)}: cannot be read (ENOTDIR)`,
      'proved',
      `not kept ${directory}: cannot be written to (ENOTDIR)`,
    ]);
  });

  test('a file that cannot be proved is an error of the proof, and leaves nothing behind', async () => {
    const { directory } = openKept();
    const fault = new Error('out of memory');
    await expect(keepProofsIn({ directory }).verdictOn(digest, () => Promise.reject(fault))).rejects.toBe(fault);
    await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a folder of verdicts', () => {
  test('holds at most 32, whole, after several processes have written at the same time', async () => {
    const { ask, directory, events } = openKept();
    const digests = Array.from({ length: 48 }, (_, index) => digestOf(index));
    await Promise.all([...digests, ...digests].map((of) => ask({ of })));
    expect(events.filter((event) => event !== 'proved')).toEqual([]);
    const names = await readdir(directory);
    // Two that make room at the same time may each drop another one.
    expect(names.length).toBeLessThanOrEqual(32);
    expect(names.length).toBeGreaterThan(0);
    events.length = 0;
    for (const name of names) await ask({ of: name.slice(0, 64) });
    expect(events).toEqual([]);
  });

  test('loses the oldest verdict first, and what a killed writer left an hour ago', async () => {
    const { ask, directory } = openKept();
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
