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
 * Writes a module that makes a router collect all garbage. The router loads it before its own code (`--import`). Resident memory then shows the
 * memory in use; otherwise it varies by megabytes with the time of V8's last collection. Collecting more often than twice a minute makes
 * the C heap of V8 grow. Callers wait during a collection, so runs that measure latency collect on demand.
 *
 * @returns the path of the module
 */
export async function writeGarbageCollector(directory: string, when: keyof typeof triggers): Promise<string> {
  const path = join(directory, 'collect-garbage.mjs');
  await writeFile(path, head + triggers[when]);
  return path;
}
