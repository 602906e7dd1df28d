import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const program = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
setInterval(() => collect(), 30_000).unref();
`;

/**
 * Writes what a router loads before its own code (`--import`), so that all garbage is collected every thirty seconds: resident memory then
 * tells what is held and not when V8 last felt like collecting, which alone moves it by megabytes. Collecting more often makes the C heap of
 * V8 grow by itself.
 *
 * @returns its path
 */
export async function writeGarbageCollector(directory: string): Promise<string> {
  const path = join(directory, 'collect-garbage.mjs');
  await writeFile(path, program);
  return path;
}
