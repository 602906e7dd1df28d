import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version in a program's package.json, such as that at `new URL('../package.json', import.meta.url)`. */
export function packageVersion(packageFile: URL): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version;
}
