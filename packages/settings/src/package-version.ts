import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Returns the version in a package.json file, for example in `new URL('../package.json', import.meta.url)`. */
export function packageVersion(packageFile: URL): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version;
}
