import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const head = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
`;

const triggers = {
  'twice a minute': 'setInterval(() => collect(), 30_000).unref();',
  'at SIGUSR2': "process.on('SIGUSR2', () => collect());",
} as const;

/**
 * Writes what a router loads before its own code (`--import`), so that all garbage is collected: resident memory then tells what is held and
 * not when V8 last felt like collecting, which alone moves it by megabytes. Collecting more often than twice a minute makes the C heap of V8
 * grow by itself; and callers wait meanwhile, so that where latency is measured it happens on demand.
 *
 * @returns its path
 */
export async function writeGarbageCollector(directory: string, when: keyof typeof triggers): Promise<string> {
  const path = join(directory, 'collect-garbage.mjs');
  await writeFile(path, head + triggers[when]);
  return path;
}
