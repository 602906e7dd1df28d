import { spawnSync } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const left = new Set(['node_modules', 'dist', '.turbo', '.git']);

let copies: TemporaryDirectory[] = [];
let copy: string;
beforeEach(async () => {
  const directory = await temporaryDirectory('boundaries');
  copies.push(directory);
  copy = join(directory.path, 'copy');
  await cp(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
});
afterAll(async () => {
  await Promise.all(copies.map((directory) => directory[Symbol.asyncDispose]()));
  copies = [];
});

/** Runs one of the project's own checks over the copy, as `npm run check` does over the project. */
function check(program: 'turbo' | 'oxlint', ...args: string[]): { passed: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', program), args, {
    cwd: copy,
    encoding: 'utf8',
    env: { PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`, TURBO_TELEMETRY_DISABLED: '1' },
  });
  return { passed: status === 0, output: stdout + stderr };
}

async function addImport(folder: string, specifier: string, dependency?: string): Promise<void> {
  await writeFile(join(copy, folder, 'src/trespass.ts'), `import '${specifier}';\n`);
  if (dependency === undefined) return;
  const path = join(copy, folder, 'package.json');
  const text = (await readFile(path, 'utf8')).replace(
    '"devDependencies": {',
    `$&\n    "${dependency}": "workspace:*",`,
  );
  await writeFile(path, text);
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
  ])('keeps %s where it belongs', async (library, folder, message) => {
    await addImport(folder, library);
    const { passed, output } = check('oxlint', 'packages', 'apps');
    expect(passed).toBe(false);
    expect(output).toContain(message);
  });

  test('fails wherever the contract is imported past its doors', async () => {
    // All but the first have rules of their own, which replace those of the whole.
    const folders = ['packages/selection', 'packages/registry', 'packages/geo', 'apps/router'];
    for (const folder of folders) await addImport(folder, '@turn-router/contract');
    const { passed, output } = check('oxlint', 'packages', 'apps');
    expect(passed).toBe(false);
    const message = 'Import a door: @turn-router/contract/http, /admin, /registry or /policy.';
    expect(output.split(message)).toHaveLength(folders.length + 1);
  });
});
