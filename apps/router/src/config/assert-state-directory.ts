import { randomUUID } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '@turn-router/registry';

/** Faults that only an operator can remove. A full or broken disk must not prevent a start. */
const faultsOfSettings = new Set(['EACCES', 'EPERM', 'ENOTDIR']);

/** STATE_DIR is not a directory in which this process may write. */
export class StateDirectoryError extends Error {
  override readonly name = 'StateDirectoryError';

  constructor(path: string, code: string, cause: unknown) {
    const expected =
      code === 'ENOTDIR' ? 'a path to a directory, not to a file' : 'a directory that the user of the router owns';
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
    if (faultsOfSettings.has(code)) throw new StateDirectoryError(path, code, error);
  }
}
