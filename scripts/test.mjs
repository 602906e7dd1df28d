#!/usr/bin/env node
// Installs what is missing, checks everything, runs every suite, and ends with "N passed, N failed".
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { installDependencies, installPrograms } from './install.mjs';
import { root, run, runScript, UsageError } from './run.mjs';

const usage = `Usage: npm test [-- options]

Installs what is missing (redis-server, coturn, prometheus, chromium, openssl, faketime and an Erlang TURN library too), checks everything,
and runs every suite against real servers, each on a free port of loopback and ended afterwards. The last line adds up all suites.

  --only NAME   only the suites of packages/NAME or apps/NAME
  --node MAJOR  run the suites on this Node.js version, fetched by npx
  --no-check    leave out types, lint, format, boundaries and dead code
`;

/** Where each package's run leaves its figures. */
const resultsName = '.test-results.json';

await runScript(
  {
    usage,
    options: { only: { type: 'string' }, node: { type: 'string' }, 'no-check': { type: 'boolean' } },
  },
  async (values) => {
    const only = typeof values['only'] === 'string' ? values['only'] : undefined;
    const node = typeof values['node'] === 'string' ? values['node'] : undefined;
    await test({ only, node, withChecks: values['no-check'] !== true });
  },
);

/**
 * @param {{only: string | undefined, node: string | undefined, withChecks: boolean}} options
 */
async function test({ only, node, withChecks }) {
  const folders = testedFolders(only);
  if (folders.length === 0) throw new UsageError(`--only ${only}: no such folder of apps or packages has suites`);
  await installDependencies();
  await installPrograms([
    'redis-server',
    'turnserver',
    'prometheus',
    'chromium',
    'openssl',
    'docker-compose',
    'faketime',
    'erlang-p1-stun',
  ]);
  const failedChecks = withChecks ? await check() : [];
  if (failedChecks.length > 0) process.stdout.write(`checks that failed: ${failedChecks.join(', ')}\n`);

  for (const folder of folders) rmSync(join(folder, resultsName), { force: true });
  await runSuites(only, node);

  const figures = folders.map(figuresOf);
  for (const { failures } of figures) for (const failure of failures) process.stdout.write(`\n${failure}\n`);
  const passed = figures.reduce((sum, figure) => sum + figure.passed, 0);
  const failed = figures.reduce((sum, figure) => sum + figure.failed, failedChecks.length);
  if (failed > 0 || passed === 0) process.exitCode = 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

/**
 * One package after the other: their suites start servers, and two cores are soon busy.
 *
 * @param {string | undefined} only
 * @param {string | undefined} node
 */
async function runSuites(only, node) {
  const filter = only === undefined ? [] : [`--filter=@turn-router/${only}`];
  const turbo = ['run', 'test', '--continue', '--concurrency=1', '--log-order=stream', ...filter];
  const jest = ['--', '--json', `--outputFile=${resultsName}`];
  const [command, ...before] = node === undefined ? ['turbo'] : ['npx', '-y', '-p', `node@${node}`, '--', 'turbo'];
  try {
    await run(command, [...before, ...turbo, ...jest]);
  } catch {
    // Which suites failed stands in their figures, and in what they printed.
  }
}

/**
 * @param {string | undefined} only
 * @returns {string[]} the folders whose suites were asked for
 */
function testedFolders(only) {
  return ['apps', 'packages']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => ({ name, folder: join(root, parent, name) })))
    .filter(({ name }) => only === undefined || name === only)
    .map(({ folder }) => folder)
    .filter((folder) => {
      const manifest = join(folder, 'package.json');
      return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
    });
}

/**
 * A run that left no figures, or a suite that could not even start, is a failure.
 *
 * @param {string} folder
 * @returns {{passed: number, failed: number, failures: string[]}} what failed in jest's words, for the end of a long output
 */
function figuresOf(folder) {
  const path = join(folder, resultsName);
  if (!existsSync(path)) {
    return { passed: 0, failed: 1, failures: [`${folder.slice(root.length)}: its suites did not run to their end`] };
  }
  const results = JSON.parse(readFileSync(path, 'utf8'));
  rmSync(path);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    failures: results.testResults
      .filter((/** @type {{status: string}} */ { status }) => status === 'failed')
      .map((/** @type {{name: string, message: string}} */ { name, message }) => `FAIL ${name}\n${message}`),
  };
}
