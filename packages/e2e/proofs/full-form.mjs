// runs all suites that have a full form, one at a time, with the numbers and bounds of the requirements; the fault suites are in `faults`
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const runJest = join(root, 'packages/jest-preset/run-jest.mjs');

/** A suite that has a full form imports one of these names from packages/testing/src/fixtures/form.ts. */
const hasFullForm = /\b(?:boundMs|byForm|isFullForm)\b/;

/** `npm run test:faults` runs the suites of this folder. */
const faults = 'src/faults/';

const suites = ['packages', 'apps']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .filter((folder) => readdirSync(folder).includes('src'))
  .flatMap((folder) =>
    readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => ({ folder, path: `src/${name}` })),
  )
  .filter(({ folder, path }) => !path.startsWith(faults) && hasFullForm.test(readFileSync(join(folder, path), 'utf8')));

/** Each word selects the suites that have it in their path. */
const words = process.argv.slice(2);
const chosen = suites.filter(({ path }) => words.length === 0 || words.some((word) => path.includes(word)));

let failures = 0;
for (const { folder, path } of chosen) {
  const child = spawn(process.execPath, [runJest, '--verbose', path], {
    cwd: folder,
    env: { ...process.env, FORM: 'full' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) failures += 1;
}
process.stdout.write(`${chosen.length} suites in their full form, ${failures} failed\n`);
if (chosen.length === 0 || failures > 0) process.exitCode = 1;
