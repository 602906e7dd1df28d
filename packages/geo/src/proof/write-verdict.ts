import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../system-error-code.ts';

/** Far above the GeoIP files of one router and their last versions; the oldest verdicts beyond go. */
const keptVerdicts = 32;

/** A temporary file that is older was left by a process that was killed, ms. */
const abandonedAfterMs = 3_600_000;

const verdictName = /^[0-9a-f]{64}\.json$/;
const temporaryName = /^[0-9a-f]{64}\.json\.[0-9a-f-]{36}\.tmp$/;

/** Where a verdict lies, and what it says. */
export type VerdictFile = { readonly directory: string; readonly path: string; readonly content: string };

/**
 * Writes a verdict for its owner alone, in one step: under a temporary name that no other writer draws, then renamed. It is not
 * flushed to the disk: a verdict that a power failure damages is not believed.
 *
 * @returns why it could not be written
 */
export async function writeVerdict(
  { directory, path, content }: VerdictFile,
  userId: number | undefined,
): Promise<string | undefined> {
  if (userId === undefined) return 'this system has no user ids to tell whose it is';
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const folder = await lstat(directory);
    if (!folder.isDirectory()) return 'is something else than a folder';
    if (folder.uid !== userId) return 'belongs to another user';
    // What others have put there belongs to them, so it is not believed afterwards either.
    if ((folder.mode & 0o077) !== 0) await chmod(directory, 0o700);
    await writeFile(temporaryPath, content, { flag: 'wx', mode: 0o600 });
    await rename(temporaryPath, path);
    await dropOld(directory, (await stat(path)).mtimeMs);
    return undefined;
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    return `cannot be written to (${systemErrorCode(error) ?? String(error)})`;
  }
}

/** @param nowMs as the folder's file system has it: time of the verdict that was just written */
async function dropOld(directory: string, nowMs: number): Promise<void> {
  const names = await readdir(directory);
  const entries = await Promise.all(
    names
      .filter((name) => verdictName.test(name) || temporaryName.test(name))
      // One that another process has just dropped or renamed counts as gone.
      .map((name) =>
        lstat(join(directory, name)).then(
          ({ mtimeMs }) => ({ name, mtimeMs }),
          () => undefined,
        ),
      ),
  );
  const present = entries.filter((entry) => entry !== undefined).toSorted((a, b) => b.mtimeMs - a.mtimeMs);
  const old = present.filter(({ name }) => verdictName.test(name)).slice(keptVerdicts);
  const abandoned = present.filter(
    ({ name, mtimeMs }) => temporaryName.test(name) && mtimeMs < nowMs - abandonedAfterMs,
  );
  await Promise.all([...old, ...abandoned].map(({ name }) => rm(join(directory, name), { force: true })));
}
