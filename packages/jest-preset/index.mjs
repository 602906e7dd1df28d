import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = process.cwd();
const together = fileURLToPath(new URL('together', import.meta.url));

/** Whether words select files, as in `pnpm test choose-region`. Each of those gets a separate module registry, as in plain jest. */
const namesFiles = process.argv
  .slice(2)
  .some((word, index, words) => !word.startsWith('-') && words[index - 1] !== '--config');

/**
 * Without words, all suites run together in one process and one module registry, except those named `*.alone.test.ts`. The pattern `SUITES`
 * selects some of them.
 */
const chosen = new RegExp(process.env['SUITES'] ?? '');
const suitesTogether = Object.fromEntries(
  namesFiles
    ? []
    : readdirSync(join(rootDir, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.alone.test.ts') && chosen.test(name))
        .toSorted()
        .map((name) => [`src/${name}`, join(rootDir, 'src', name)]),
);

/**
 * Jest settings shared by every package: TypeScript through swc, and native ES modules, because several dependencies have no other form.
 * Jest reads `src` only, so a build during a test run does not affect it.
 *
 * @type {import('jest').Config}
 */
export default {
  rootDir,
  roots: ['<rootDir>/src', ...(namesFiles ? [] : [together])],
  testMatch: namesFiles ? ['**/*.test.ts'] : ['**/*.alone.test.ts', '**/all-suites.mjs'],
  globals: { suitesTogether },
  verbose: false,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  setupFiles: ['symbols.mjs', 'properties.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  transform: {
    '^.+\\.ts$': [
      import.meta.resolve('@swc/jest').replace('file://', ''),
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // The cache is outside the temporary folder, which is removed at the end of the run.
  cacheDirectory: new URL('node_modules/.cache/jest', import.meta.url).pathname,
  reporters: ['default', new URL('running-suite.mjs', import.meta.url).pathname],
  // Long enough for a busy machine: starting servers takes a minute when it has six busy processes per CPU.
  testTimeout: 300_000,
  // Suites start servers, and some suites measure the machine.
  maxWorkers: 1,
};
