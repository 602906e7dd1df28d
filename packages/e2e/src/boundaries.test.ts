import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const notCopied = new Set(['node_modules', 'dist', '.turbo', '.git']);

let directory: TemporaryDirectory;
let copy: string;
beforeAll(async () => {
  directory = await temporaryDirectory('boundaries');
  copy = join(directory.path, 'copy');
  await cp(root, copy, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
});
afterAll(async () => directory?.[Symbol.asyncDispose]());

/** The texts that a test has replaced, by path; undefined for a file that was not there. */
const replaced = new Map<string, string | undefined>();
afterEach(async () => {
  for (const [path, text] of replaced) await (text === undefined ? rm(path) : writeFile(path, text));
  replaced.clear();
});

/** Writes a file of the copy until the end of the test. */
async function write(path: string, text: string): Promise<void> {
  const before = await readFile(join(copy, path), 'utf8').catch(() => undefined);
  replaced.set(join(copy, path), before);
  await mkdir(dirname(join(copy, path)), { recursive: true });
  await writeFile(join(copy, path), text);
}

/** Runs a check of `npm run check` on the copy. */
function check(program: 'turbo' | 'oxlint', ...args: string[]): { passed: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', program), args, {
    cwd: copy,
    encoding: 'utf8',
    env: { PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`, TURBO_TELEMETRY_DISABLED: '1' },
  });
  return { passed: status === 0, output: stdout + stderr };
}

async function addImport(folder: string, specifier: string, dependency?: string): Promise<void> {
  await write(join(folder, 'src/violation.ts'), `import '${specifier}';\n`);
  if (dependency === undefined) return;
  const manifest = join(folder, 'package.json');
  const text = (await readFile(join(copy, manifest), 'utf8')).replace(
    '"devDependencies": {',
    `$&\n    "${dependency}": "workspace:*",`,
  );
  await write(manifest, text);
}

describe('the check of imports', () => {
  test('passes the project as it is', () => {
    expect(check('turbo', 'boundaries')).toMatchObject({ passed: true });
    expect(check('oxlint', 'packages', 'apps')).toMatchObject({ passed: true });
  });

  test.each([
    ['the core imports an adapter', 'packages/selection', 'registry'],
    ['the contract imports the core', 'packages/contract', 'selection'],
    ['an adapter imports an app', 'packages/stun', 'router'],
    ['an adapter imports the operations', 'packages/registry', 'operations'],
    ['the core imports the operations', 'packages/selection', 'operations'],
    ['the proof from outside imports the registry', 'packages/outside-proof', 'registry'],
    ['the operations import an app', 'packages/operations', 'turnctl'],
    ['the test tools import a trial', 'packages/testing', 'trials'],
    ['an app imports a trial', 'apps/router', 'trials'],
    ['an app imports an app', 'apps/router', 'health-reporter'],
  ])('fails when %s', async (_, folder, imported) => {
    await addImport(folder, `@turn-router/${imported}`, `@turn-router/${imported}`);
    const { passed, output } = check('turbo', 'boundaries');
    expect(passed).toBe(false);
    expect(output.replaceAll(/\s*\|?\s+/g, ' ')).toContain(
      `\`@turn-router/${imported}\` found without any tag listed in allowlist for \`@turn-router/${basename(folder)}\``,
    );
  });

  test.each([
    [
      'a package imports what it does not depend on',
      '@turn-router/registry',
      'cannot import package `@turn-router/registry` because it is not a dependency',
    ],
    [
      'a file reaches into another package',
      '../../registry/src/index.ts',
      'import `../../registry/src/index.ts` leaves the package',
    ],
  ])('fails when %s', async (_, specifier, message) => {
    await addImport('packages/stun', specifier);
    const { passed, output } = check('turbo', 'boundaries');
    expect(passed).toBe(false);
    expect(output.replaceAll(/\s*\|?\s+/g, ' ')).toContain(message);
  });

  test.each([
    ['ioredis', 'apps/router', 'Only packages/registry talks to Redis.'],
    ['express', 'packages/registry', 'Only apps/router knows Express.'],
    ['maxmind', 'packages/selection', 'Only packages/geo reads GeoIP files.'],
  ])('fails when another package imports %s', async (library, folder, message) => {
    await addImport(folder, library);
    const { passed, output } = check('oxlint', 'packages', 'apps');
    expect(passed).toBe(false);
    expect(output).toContain(message);
  });

  test.each([
    ['apps/router/src/callers', 'AbortSignal.timeout(5)'],
    ['apps/health-reporter/src/fleet', 'AbortSignal.any([])'],
    ['packages/stun/src', "AbortSignal['timeout'](5)"],
  ])('fails when %s starts a deadline with %s', async (folder, call) => {
    await write(join(folder, 'violation.ts'), `export const violation = ${call};\n`);
    const { passed, output } = check('oxlint', folder);
    expect(passed).toBe(false);
    expect(output).toContain('Garbage collection can switch it off. Use packages/deadline.');
  });

  test.each([
    ['observe', '../callers/saved-hash.ts'],
    ['process', '../callers/saved-hash.ts'],
    ['callers', '../http/input.ts'],
    ['callers/auth', '../../issue/routing.ts'],
    ['policy', '../fleet/follow-fleet.ts'],
    ['issue', '../http/input.ts'],
    ['fleet', '../http/input.ts'],
    ['http', '../compose/open-geo.ts'],
    ['config', '../workers/messages.ts'],
    ['compose', '../workers/messages.ts'],
  ])('fails when apps/router/src/%s imports %s', async (folder, specifier) => {
    await write(join('apps/router/src', folder, 'violation.ts'), `import '${specifier}';\n`);
    const { passed, output } = check('oxlint', 'apps/router');
    expect(passed).toBe(false);
    expect(output).toContain(`apps/router/src/${folder.split('/')[0]} must not import folders that are below it`);
  });

  test('has a rule for every folder of apps/router/src', async () => {
    const entries = await readdir(join(root, 'apps/router/src'), { withFileTypes: true });
    const config = await readFile(join(root, '.oxlintrc.json'), 'utf8');
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    // `workers` is the last folder in the table and may import from all others.
    const undeclared = folders.filter(
      (folder) => folder !== 'workers' && !config.includes(`"apps/router/src/${folder}/**"`),
    );
    expect(undeclared).toEqual([]);
    expect(folders).toHaveLength(10);
  });

  test.each<[violation: string, folder: string, specifier: string, message: string]>([
    [
      'a folder imports a folder that it may not import',
      'probe',
      '../report/record-keeper.ts',
      'probe/ imports logger.ts and system/ only',
    ],
    ['a folder imports the config', 'fleet', '../config/fleet-config.ts', 'fleet/ imports logger.ts, system/,'],
    [
      'a subfolder imports what its folder may not import',
      'relays/coturn-cli',
      '../../config/settings.ts',
      'relays/ imports logger.ts and system/ only',
    ],
    ['a folder imports the root', 'report', '../run-health-reporter.ts', 'report/ imports logger.ts, system/,'],
    ['a folder is not declared', 'undeclared', '../logger.ts', 'This folder may not import that one'],
  ])('fails when in the health-reporter %s', async (_, name, specifier, message) => {
    await write(
      join('apps/health-reporter/src', name, 'violation.ts'),
      `import type * as violation from '${specifier}';\n\nexport type { violation };\n`,
    );
    const { passed, output } = check('oxlint', 'apps/health-reporter');
    expect(passed).toBe(false);
    expect(output).toContain(message);
  });

  test('fails when types of the health-reporter are circular', async () => {
    // The compiler settings are in node_modules, which the copy lacks. Without them oxlint follows no imports.
    await write('apps/health-reporter/tsconfig.json', '{}');
    const folder = 'apps/health-reporter/src/probe';
    await write(join(folder, 'one.ts'), "import type { Two } from './two.ts';\n\nexport type One = Two;\n");
    await write(join(folder, 'two.ts'), "import type { One } from './one.ts';\n\nexport type Two = One;\n");
    const { passed, output } = check('oxlint', 'apps/health-reporter');
    expect(passed).toBe(false);
    expect(output).toContain('Dependency cycle detected');
  });

  test('fails wherever the root of the contract is imported instead of an entry point', async () => {
    // Each folder except the first has an override in the linter's configuration, which replaces the general rules.
    const folders = ['packages/selection', 'packages/registry', 'packages/geo', 'apps/router'];
    for (const folder of folders) await addImport(folder, '@turn-router/contract');
    const { passed, output } = check('oxlint', 'packages', 'apps');
    expect(passed).toBe(false);
    const message = 'Import a door: @turn-router/contract/http, /admin, /events, /registry or /policy.';
    expect(output.split(message)).toHaveLength(folders.length + 1);
  });
});
