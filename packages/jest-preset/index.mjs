import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = process.cwd();
const together = fileURLToPath(new URL('together', import.meta.url));

/** Words that name files: `pnpm test choose-region`. Those run one by one, each with modules of its own, as jest does. */
const namesFiles = process.argv
  .slice(2)
  .some((word, index, words) => !word.startsWith('-') && words[index - 1] !== '--config');

/**
 * All others of a package run together, in one process and one module registry, except those that say in their name that they need their
 * own (`leaks.alone.test.ts`). `SUITES`, a pattern, chooses among them.
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
 * Jest settings shared by every package: TypeScript through swc, native ES modules (several dependencies have no other form).
 * Leaves `dist` alone, so that a build beside a test run changes nothing.
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
  // Not in the system's temporary folder: that of a run is removed at its end.
  cacheDirectory: new URL('node_modules/.cache/jest', import.meta.url).pathname,
  reporters: ['default', new URL('running-suite.mjs', import.meta.url).pathname],
  // Only ends what hangs: on a machine with six times as much to do as it has CPUs, a start of servers takes a minute.
  testTimeout: 300_000,
  // Suites start servers, and some count what those do on the machine.
  maxWorkers: 1,
};
