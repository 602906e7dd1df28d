import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The text of a file of the kernel below `rootDirectory` (`/` but in tests); undefined when it cannot be read. What a machine lacks
 * or keeps to itself makes a figure absent, which is said once, and never stops the reports.
 *
 * Synchronous, for the kernel answers from memory, 4 KiB at a time: asynchronously, each of these pieces costs a change of threads and a
 * buffer of 64 KiB, at a thousand allocations some thirty times a second.
 */
export async function readText(rootDirectory: string, path: string): Promise<string | undefined> {
  try {
    return readFileSync(join(rootDirectory, path), 'utf8');
  } catch {
    return undefined;
  }
}
