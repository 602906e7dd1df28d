import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads a kernel file below `rootDirectory` (`/` except in tests). Returns undefined if the file cannot be read. The figure is then absent, which
 * is logged once. Reports continue.
 *
 * The function reads synchronously, because the kernel answers from memory, 4 KiB at a time. An asynchronous read would need a thread switch and a
 * 64 KiB buffer for each piece. With a thousand allocations there are about thirty pieces a second.
 */
export async function readText(rootDirectory: string, path: string): Promise<string | undefined> {
  try {
    return readFileSync(join(rootDirectory, path), 'utf8');
  } catch {
    return undefined;
  }
}
