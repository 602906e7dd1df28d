import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads a kernel file below `rootDirectory` (`/` except in tests); undefined if it cannot be read. A missing file makes a figure absent,
 * which is logged once, and never stops the reports.
 *
 * It reads synchronously, since the kernel answers from memory, 4 KiB at a time. An asynchronous read costs a thread switch and a 64 KiB
 * buffer for each piece: with a thousand allocations about thirty times a second.
 */
export async function readText(rootDirectory: string, path: string): Promise<string | undefined> {
  try {
    return readFileSync(join(rootDirectory, path), 'utf8');
  } catch {
    return undefined;
  }
}
