import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../system-error-code.ts';

/**
 * Maximum number of check results. It is far above the number of GeoIP files of one router and their last versions. The oldest are deleted
 * first.
 */
const keptVerdicts = 32;

/** Age of a temporary file, ms. An older file was left by a killed process. */
const abandonedAfterMs = 3_600_000;

const verdictName = /^[0-9a-f]{64}\.json$/;
const temporaryName = /^[0-9a-f]{64}\.json\.[0-9a-f-]{36}\.tmp$/;

/** The folder, the path and the content of a stored check result. */
export type VerdictFile = { readonly directory: string; readonly path: string; readonly content: string };

/**
 * Writes a check result atomically: it writes to a unique temporary name and then renames the file. Only the owner can read the file. The
 * file is not flushed to the disk, because a check result that a power failure damages is ignored.
 *
 * @returns the reason why it could not be written, or undefined
 */
export async function writeVerdict(
  { directory, path, content }: VerdictFile,
  userId: number | undefined,
): Promise<string | undefined> {
  if (userId === undefined) return 'has no verifiable owner: this system has no user ids';
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const folder = await lstat(directory);
    if (!folder.isDirectory()) return 'is not a directory';
    if (folder.uid !== userId) return 'belongs to another user';
    // Files that other users put there before belong to them and are not trusted.
    if ((folder.mode & 0o077) !== 0) await chmod(directory, 0o700);
    await writeFile(temporaryPath, content, { flag: 'wx', mode: 0o600 });
    // The time comes from the temporary file, because another writer may delete the verdict as soon as it has its name.
    const { mtimeMs } = await stat(temporaryPath);
    await rename(temporaryPath, path);
    await deleteOld(directory, mtimeMs);
    return undefined;
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    return `cannot be written to (${systemErrorCode(error) ?? String(error)})`;
  }
}

/** @param nowMs the time of the folder's file system, taken from the check result that was just written */
async function deleteOld(directory: string, nowMs: number): Promise<void> {
  const names = await readdir(directory);
  const entries = await Promise.all(
    names
      .filter((name) => verdictName.test(name) || temporaryName.test(name))
      // Another process may delete or rename a file at the same time.
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
