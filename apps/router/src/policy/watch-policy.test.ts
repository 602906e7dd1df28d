import { createHash } from 'node:crypto';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openFilePolicySource } from '@turn-router/registry';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { watchPolicy } from './watch-policy.ts';
import { openPolicy } from './open-policy.ts';

const good = 'defaultRegion: us-east-1\nregions:\n  us-east-1: {location: [38.95, -77.45]}\n';
const better = 'defaultRegion: eu-central-1\nregions:\n  eu-central-1: {location: [50.11, 8.68]}\n';
const bad = `${good}colour: red\n`;
const limited = `${good}limits: {perUserPerMinute: 30}\n`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let directory: TemporaryDirectory;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory('policy');
  path = join(directory.path, 'policy.yaml');
});
afterEach(async () => directory[Symbol.asyncDispose]());

/** Watches the file with a timer that `look` drives. */
async function watch(first: string, kept?: string) {
  await writeFile(path, first);
  let act: (() => Promise<void>) | undefined;
  const source = openFilePolicySource(path, {
    nowMs: () => 0,
    wait: () => Promise.resolve(),
    every: (_, next) => {
      act = next;
      return { [Symbol.dispose]() {} };
    },
  });
  const seen: string[] = [];
  const start = await openPolicy(source, kept === undefined ? undefined : { text: kept, sha256: sha256(kept) });
  const startWatch = () =>
    watchPolicy(source, start, {
      onPolicy: ({ text }) => seen.push(`uses ${nameOf(text)}`),
      onRefused: ({ message }) => seen.push(message.replaceAll(`${path}:`, '')),
    });
  return {
    start,
    seen,
    startWatch,
    /** Two looks: the first sees a change, the second takes it. */
    look: async (looks = 2) => {
      for (let count = 0; count < looks; count += 1) await act?.();
    },
  };
}

const texts = { good, better, bad, limited };
const nameOf = (text: string) => Object.entries(texts).find(([, each]) => each === text)?.[0] ?? text;

describe('watching the policy file', () => {
  test('applies a change, refuses an invalid one with its faults by line, and applies a valid one again', async () => {
    const { startWatch, seen, look } = await watch(good);
    using watching = startWatch();
    await watching.firstReading;
    for (const text of [better, bad, good]) {
      await writeFile(path, text);
      await look(4);
    }
    expect(seen).toEqual(['uses better', '4: colour: Unknown field', 'uses good']);
  });

  test('refuses each of two files with the same fault', async () => {
    const { startWatch, seen, look } = await watch(good);
    using _watching = startWatch();
    for (const text of [bad, `${bad}# again\n`]) {
      await writeFile(path, text);
      await look();
    }
    expect(seen).toEqual(['4: colour: Unknown field', '4: colour: Unknown field']);
  });

  test('reports the policy in force again after a refusal, and nothing for the same text', async () => {
    const { startWatch, seen, look } = await watch(good);
    using _watching = startWatch();
    for (const text of [good, bad, good]) {
      await writeFile(path, text);
      await look();
    }
    expect(seen).toEqual(['4: colour: Unknown field', 'uses good']);
  });

  test('reads a change on request when the file stands still, and does not report it again', async () => {
    const { startWatch, seen, look } = await watch(good);
    using watching = startWatch();
    await writeFile(path, better);
    await Promise.all([watching.readNow(), watching.readNow()]);
    expect(seen).toEqual(['uses better']);
    await look(4);
    expect(seen).toEqual(['uses better']);
  });

  test('does not use a file that is being written', async () => {
    const { startWatch, seen, look } = await watch(limited);
    using _watching = startWatch();
    await look();
    for (let length = 0; length < limited.length; length += 7) {
      await writeFile(path, limited.slice(0, length));
      await look(1);
    }
    await writeFile(path, limited);
    await look();
    expect(seen).toEqual([]);
  });

  test('applies a file that is moved into place, and reports its disappearance once', async () => {
    const { startWatch, seen, look } = await watch(good);
    using _watching = startWatch();
    const draft = join(directory.path, 'draft.yaml');
    await writeFile(draft, better);
    await rename(draft, path);
    await look();
    await rm(path);
    await look(60);
    await writeFile(path, better);
    await look();
    expect(seen).toEqual(['uses better', ' cannot be read (ENOENT)', 'uses better']);
  });

  test('tries a file again that could not be read', async () => {
    const { startWatch, seen, look } = await watch(good);
    using _watching = startWatch();
    // In one step, because the first reading may look at any moment.
    await symlink(path, `${path}.loop`);
    await rename(`${path}.loop`, path);
    await look(30);
    await rm(path);
    await writeFile(path, better);
    await look();
    expect(seen).toEqual([' cannot be read (ELOOP)', 'uses better']);
  });

  test('reports a change or a disappearance between the first reading and the watch', async () => {
    const changed = await watch(good);
    await writeFile(path, better);
    using watching = changed.startWatch();
    await watching.firstReading;
    await changed.look(4);
    expect(changed.seen).toEqual(['uses better']);

    const gone = await watch(good);
    await rm(path);
    using goneWatch = gone.startWatch();
    await goneWatch.firstReading;
    await gone.look(60);
    expect(gone.seen).toEqual([' cannot be read (ENOENT)']);
  });
});

describe('a policy that is weaker than the policy in force', () => {
  const refusal = [
    ' limits.perUserPerMinute: Missing limit: expected a limit, such as 30',
    ` allowWeaker: Missing or different: to drop these parts, set it to ${sha256(limited)}`,
  ].join('\n');

  test('is refused with the lost parts', async () => {
    const { startWatch, seen, look } = await watch(limited);
    using _watching = startWatch();
    await writeFile(path, good);
    await look(4);
    expect(seen).toEqual([refusal]);
  });

  test('is applied with the hash of the policy that it replaces, which permits no later change', async () => {
    const { startWatch, seen, look } = await watch(limited);
    using _watching = startWatch();
    const permitted = `${good}allowWeaker: ${sha256(limited)}\n`;
    const limitedAgain = `${permitted}limits: {perUserPerMinute: 30}\n`;
    for (const text of [permitted, limitedAgain, permitted]) {
      await writeFile(path, text);
      await look();
    }
    expect(seen).toEqual([
      `uses ${permitted}`,
      `uses ${limitedAgain}`,
      refusal.replace(sha256(limited), sha256(limitedAgain)),
    ]);
  });

  test('is compared with the last policy in force, not with a refused one', async () => {
    const { startWatch, seen, look } = await watch(limited);
    using _watching = startWatch();
    for (const text of [bad, good, `${good}limits: {perUserPerMinute: 60}\n`]) {
      await writeFile(path, text);
      await look();
    }
    expect(seen).toEqual(['4: colour: Unknown field', refusal, `uses ${good}limits: {perUserPerMinute: 60}\n`]);
  });
});

describe('a start with a kept policy', () => {
  test.each<[string, string, string, string]>([
    ['is broken', 'regions: [', limited, 'limited'],
    ['is weaker', good, limited, 'limited'],
    ['is empty', '', limited, 'limited'],
    ['is different, but not weaker', better, good, 'better'],
    [
      'permits the loss',
      `${good}allowWeaker: ${sha256(limited)}\n`,
      limited,
      `${good}allowWeaker: ${sha256(limited)}\n`,
    ],
    ['is valid, but the kept policy is not', good, 'regions: [', 'good'],
  ])('chooses well if the file %s', async (_, file, kept, expected) => {
    const { start, startWatch, seen, look } = await watch(file, kept);
    expect(nameOf(start.inForce.text)).toBe(expected);
    expect(start.refusal === undefined).toBe(start.inForce.text === file);
    using watching = startWatch();
    await watching.firstReading;
    await look(60);
    // The refusal was reported at the start.
    expect(seen).toEqual([]);
  });

  test('uses the file as soon as it is valid', async () => {
    const { startWatch, seen, look } = await watch(bad, limited);
    using _watching = startWatch();
    await writeFile(path, limited);
    await look();
    expect(seen).toEqual(['uses limited']);
  });

  test('fails if both are unusable, with the faults of the file', async () => {
    await expect(watch(bad)).rejects.toMatchObject({
      name: 'PolicyError',
      message: `${path}:4: colour: Unknown field`,
    });
    await expect(watch(bad, bad)).rejects.toMatchObject({ message: `${path}:4: colour: Unknown field` });
  });
});
