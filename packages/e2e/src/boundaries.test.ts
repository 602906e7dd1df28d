import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

/** The texts that a group of tests has replaced, by path; undefined for a file that was not there. */
const replaced = new Map<string, string | undefined>();
async function restore(): Promise<void> {
  for (const [path, text] of replaced) await (text === undefined ? rm(path) : writeFile(path, text));
  replaced.clear();
}

/** Runs a check of `npm run check` on the copy. */
function check(program: 'turbo' | 'oxlint', ...args: string[]): { passed: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', program), args, {
    cwd: copy,
    encoding: 'utf8',
    env: { PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`, TURBO_TELEMETRY_DISABLED: '1' },
    maxBuffer: 64 * 2 ** 20,
  });
  return { passed: status === 0, output: stdout + stderr };
}

/** Writes a file of the copy until the group of tests ends. */
async function write(path: string, text: string): Promise<void> {
  const place = join(copy, path);
  if (!replaced.has(place)) replaced.set(place, await readFile(place, 'utf8').catch(() => undefined));
  await mkdir(dirname(join(copy, path)), { recursive: true });
  await writeFile(join(copy, path), text);
}

/** Adds one file with an import for each violation, so that one run of a check finds all of them. */
async function addImports(violations: readonly (readonly [folder: string, specifier: string])[]): Promise<void> {
  for (const [index, [folder, specifier]] of violations.entries()) {
    await write(join(folder, `violation-${index}.ts`), `import '${specifier}';\n`);
  }
}

test('the check of imports passes the project as it is', () => {
  expect(check('turbo', 'boundaries')).toMatchObject({ passed: true });
  expect(check('oxlint', 'packages', 'apps')).toMatchObject({ passed: true });
});

describe('the check of packages fails when', () => {
  const forbidden = [
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
  ] as const;
  const undeclared = [
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
  ] as const;

  let found: { passed: boolean; output: string };
  beforeAll(async () => {
    await addImports([
      ...forbidden.map(([, folder, imported]) => [join(folder, 'src'), `@turn-router/${imported}`] as const),
      ...undeclared.map(([, specifier]) => ['packages/stun/src', specifier] as const),
    ]);
    for (const [, folder, imported] of forbidden) {
      const manifest = join(folder, 'package.json');
      const text = await readFile(join(copy, manifest), 'utf8');
      await write(manifest, text.replace('"devDependencies": {', `$&\n    "@turn-router/${imported}": "workspace:*",`));
    }
    const { passed, output } = check('turbo', 'boundaries');
    found = { passed, output: output.replaceAll(/\s*\|?\s+/g, ' ') };
  });
  afterAll(restore);

  test.each(forbidden)('%s', (_, folder, imported) => {
    expect(found.passed).toBe(false);
    expect(found.output).toContain(
      `\`@turn-router/${imported}\` found without any tag listed in allowlist for \`@turn-router/${basename(folder)}\``,
    );
  });

  test.each(undeclared)('%s', (_, _specifier, message) => {
    expect(found.passed).toBe(false);
    expect(found.output).toContain(message);
  });
});

const deadline = 'Garbage collection can switch it off. Use packages/deadline.';
const door = 'Import a door: @turn-router/contract/http, /admin, /events, /registry or /policy.';
const importing = (specifier: string) => `import '${specifier}';\n`;
const below = (folder: string) => `apps/router/src/${folder} must not import folders that are below it`;
const typesFrom = (specifier: string) =>
  `import type * as violation from '${specifier}';\n\nexport type { violation };\n`;

describe('the linter fails when', () => {
  const violations: readonly (readonly [folder: string, text: string, message: string])[] = [
    ['apps/router/src', importing('ioredis'), 'Only packages/registry talks to Redis.'],
    ['packages/registry/src', importing('express'), 'Only apps/router knows Express.'],
    ['packages/selection/src', importing('maxmind'), 'Only packages/geo reads GeoIP files.'],
    ['apps/router/src/callers', 'export const violation = AbortSignal.timeout(5);\n', deadline],
    ['apps/health-reporter/src/fleet', 'export const violation = AbortSignal.any([]);\n', deadline],
    ['packages/stun/src', "export const violation = AbortSignal['timeout'](5);\n", deadline],
    ['apps/router/src/observe', importing('../callers/saved-hash.ts'), below('observe')],
    ['apps/router/src/process', importing('../callers/saved-hash.ts'), below('process')],
    ['apps/router/src/callers', importing('../http/input.ts'), below('callers')],
    ['apps/router/src/callers/auth', importing('../../issue/routing.ts'), below('callers')],
    ['apps/router/src/policy', importing('../fleet/follow-fleet.ts'), below('policy')],
    ['apps/router/src/issue', importing('../http/input.ts'), below('issue')],
    ['apps/router/src/fleet', importing('../http/input.ts'), below('fleet')],
    ['apps/router/src/http', importing('../compose/open-geo.ts'), below('http')],
    ['apps/router/src/config', importing('../workers/messages.ts'), below('config')],
    ['apps/router/src/compose', importing('../workers/messages.ts'), below('compose')],
    [
      'apps/health-reporter/src/probe',
      typesFrom('../report/record-keeper.ts'),
      'probe/ imports logger.ts and system/ only',
    ],
    ['apps/health-reporter/src/fleet', typesFrom('../config/fleet-config.ts'), 'fleet/ imports logger.ts, system/,'],
    [
      'apps/health-reporter/src/relays/coturn-cli',
      typesFrom('../../config/settings.ts'),
      'relays/ imports logger.ts and system/ only',
    ],
    ['apps/health-reporter/src/report', typesFrom('../run-health-reporter.ts'), 'report/ imports logger.ts, system/,'],
    ['apps/health-reporter/src/undeclared', typesFrom('../logger.ts'), 'This folder may not import that one'],
    // Each of these folders but the first has an override in the linter's configuration, which replaces the general rules.
    ...['packages/selection', 'packages/registry', 'packages/geo', 'apps/router'].map(
      (folder) => [join(folder, 'src'), importing('@turn-router/contract'), door] as const,
    ),
  ];
  const pathOf = (index: number) => join(violations[index]?.[0] ?? '', `violation-${index}.ts`);

  let messagesOf: ReadonlyMap<string, string>;
  beforeAll(async () => {
    for (const [index, [, text]] of violations.entries()) await write(pathOf(index), text);
    const { output } = check('oxlint', '--format', 'json', 'packages', 'apps');
    const { diagnostics }: { diagnostics: readonly Diagnostic[] } = JSON.parse(output);
    messagesOf = new Map(
      violations.map((_, index) => {
        const own = diagnostics.filter(({ filename }) => filename === pathOf(index));
        return [pathOf(index), own.map(({ message, help = '' }) => `${message} ${help}`).join('\n')];
      }),
    );
  });
  afterAll(restore);

  test.each(violations.map(([folder, text, message], index) => ({ folder, text, message, index })))(
    '$folder has $text',
    ({ message, index }) => {
      expect(messagesOf.get(pathOf(index))).toContain(message);
    },
  );

  test('types of the health-reporter are circular', async () => {
    // The compiler settings are in node_modules, which the copy lacks. Without them oxlint follows no imports.
    await write('apps/health-reporter/tsconfig.json', '{}');
    const folder = 'apps/health-reporter/src/probe';
    await write(join(folder, 'one.ts'), "import type { Two } from './two.ts';\n\nexport type One = Two;\n");
    await write(join(folder, 'two.ts'), "import type { One } from './one.ts';\n\nexport type Two = One;\n");
    const { passed, output } = check('oxlint', folder);
    expect(passed).toBe(false);
    expect(output).toContain('Dependency cycle detected');
  });
});

type Diagnostic = { readonly message: string; readonly help?: string; readonly filename: string };

test('the linter has a rule for every folder of apps/router/src', async () => {
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
