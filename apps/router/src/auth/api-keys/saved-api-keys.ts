import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoredApiKeys } from '@turn-router/registry';
import { z } from 'zod';

/** Larger files are not read, bytes. */
const fileMaxBytes = 67_108_864;

const fileSchema = z.record(z.string(), z.string());

/** The keys that were saved last; undefined when there are none, or none that can be read. Each record is for the feed to judge. */
export async function readSavedKeys(path: string): Promise<StoredApiKeys | undefined> {
  try {
    const { size } = await stat(path);
    if (size > fileMaxBytes) return undefined;
    const parsed = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? new Map(Object.entries(parsed.data)) : undefined;
  } catch {
    // Nothing that is on disk may keep a router from starting: what matters comes from Redis.
    return undefined;
  }
}

/** Replaces the file as a whole: whatever happens, the old or the new one stands there. Only one process may write to a path. */
export async function saveKeys(path: string, keys: StoredApiKeys): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporaryPath = `${path}.tmp`;
  {
    await using file = await open(temporaryPath, 'w', 0o600);
    await file.writeFile(JSON.stringify(Object.fromEntries(keys)));
    await file.sync();
  }
  await rename(temporaryPath, path);
}
