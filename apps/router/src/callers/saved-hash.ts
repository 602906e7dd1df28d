import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoredHash } from '@turn-router/registry';
import { z } from 'zod';

/** Maximum file size, bytes. Larger files are not read. */
const fileMaxBytes = 67_108_864;

const fileSchema = z.record(z.string(), z.string());

/** A copy of a small Redis hash on disk. It is used at a start while Redis is unreachable. */
export interface SavedHash extends AsyncDisposable {
  /** The last saved hash; undefined if there is no file or the file is unreadable. The reader of the hash validates each entry. */
  readonly restored: StoredHash | undefined;
  /** Saves the hash in the background. If there are several hashes, they are saved one after the other. */
  readonly save: (hash: StoredHash) => void;
}

export type SavedHashOptions = {
  /** Undefined: no copy is stored. */
  readonly path: string | undefined;
  /** Whether this process writes the copy. If there are several processes, one writes the copy and all read it. */
  readonly writes: boolean;
  readonly onFault: (error: unknown) => void;
};

export async function openSavedHash({ path, writes, onFault }: SavedHashOptions): Promise<SavedHash> {
  let saving = Promise.resolve();
  return {
    restored: path === undefined ? undefined : await readSaved(path),
    save(hash) {
      if (path !== undefined && writes) saving = saving.then(() => write(path, hash)).catch(onFault);
    },
    [Symbol.asyncDispose]: () => saving,
  };
}

async function readSaved(path: string): Promise<StoredHash | undefined> {
  try {
    const { size } = await stat(path);
    if (size > fileMaxBytes) return undefined;
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? new Map(Object.entries(parsed.data)) : undefined;
  } catch {
    // A bad file must not prevent the start of the router. Redis has the current data.
    return undefined;
  }
}

/** Replaces the file atomically. */
async function write(path: string, hash: StoredHash): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporaryPath = `${path}.tmp`;
  {
    await using file = await open(temporaryPath, 'w', 0o600);
    await file.writeFile(JSON.stringify(Object.fromEntries(hash)));
    await file.sync();
  }
  await rename(temporaryPath, path);
}
