import { randomUUID } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '@turn-router/registry';

const owned = 'a directory that the user of the router owns';
const withoutBrokenLink = 'a path to a directory, without a symbolic link that leads to nothing';

/** Faults that only an operator can remove, and what is expected instead. A full or broken disk must not prevent a start. */
const faultsOfSettings: ReadonlyMap<string, string> = new Map([
  ['EACCES', owned],
  ['EPERM', owned],
  ['ENOTDIR', 'a path to a directory, not to a file'],
  // The directory has just been created, unless a link stands in its place.
  ['ENOENT', withoutBrokenLink],
  ['ELOOP', withoutBrokenLink],
  ['ENAMETOOLONG', 'a shorter path'],
]);

/** STATE_DIR is not a directory in which this process may write. */
export class StateDirectoryError extends Error {
  override readonly name = 'StateDirectoryError';

  constructor(path: string, code: string, expected: string, cause: unknown) {
    super(`STATE_DIR: cannot write in ${JSON.stringify(path)} (${code}): expected ${expected}`, { cause });
  }
}

/**
 * Creates the directory if it is missing, and tries to write a file in it. After another fault, such as a full disk, the router starts.
 *
 * @throws StateDirectoryError
 */
export async function assertStateDirectory(path: string): Promise<void> {
  const probe = join(path, `start-${randomUUID()}.tmp`);
  try {
    await makeDirectory(path);
    await writeFile(probe, '', { mode: 0o600 });
    await unlink(probe);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const expected = faultsOfSettings.get(code);
    if (expected !== undefined) throw new StateDirectoryError(path, code, expected, error);
  }
}
