import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The text of a file of the kernel below `rootDirectory` (`/` but in tests); undefined when it cannot be read. What a machine lacks
 * or keeps to itself makes a figure absent, which is said once, and never stops the reports.
 */
export async function readText(rootDirectory: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(rootDirectory, path), 'utf8');
  } catch {
    return undefined;
  }
}
