#!/usr/bin/env node
// Installs what is missing, checks everything, runs every suite, and ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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

/** Where a run of a package's suites leaves its figures: this, the run's name, and `.json`. */
const resultsPrefix = '.test-results.';

/** Whole calls and whole fleets. Its faults alone take as long as the rest of it. */
const wholes = '@turn-router/e2e';
const wholesFolder = join(root, 'packages/e2e');
const router = '@turn-router/router';

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;

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
    ...(isLinuxRoot ? /** @type {const} */ (['ip']) : []),
  ]);
  const failedChecks = withChecks ? await check() : [];
  if (failedChecks.length > 0) process.stdout.write(`checks that failed: ${failedChecks.join(', ')}\n`);

  for (const path of folders.flatMap(resultsIn)) rmSync(path);
  await runSuites(only, node);

  const figures = folders.flatMap((folder) => figuresOf(folder, only === undefined && folder === wholesFolder ? 2 : 1));
  for (const { failures } of figures) for (const failure of failures) process.stdout.write(`\n${failure}\n`);
  const passed = figures.reduce((sum, figure) => sum + figure.passed, 0);
  const failed = figures.reduce((sum, figure) => sum + figure.failed, failedChecks.length);
  if (failed > 0 || passed === 0) process.exitCode = 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

/**
 * One package after the other, and beside them others where those can have a network of their own: suites start servers, take ports, and
 * count what goes over loopback.
 *
 * @param {string | undefined} only
 * @param {string | undefined} node
 */
async function runSuites(only, node) {
  // Before the suites, so that none builds what another runs.
  await run('turbo', ['run', 'build', '--output-logs=errors-only']).catch(() => undefined);
  if (only !== undefined) return runTests('all', [`--filter=@turn-router/${only}`], [], { node });
  const isIsolated = canIsolate();
  const prefix = isIsolated ? ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] : [];
  /** With a browser, which wants a network that is more than loopback; and what makes both lanes as long. */
  const runHere = async () => {
    await runTests('all', [`--filter=${wholes}`], ['--testPathIgnorePatterns', 'src/faults/'], { node });
    await runTests('all', [`--filter=${router}`], [], { node });
  };
  const runApart = async () => {
    await runTests('all', [`--filter=!${wholes}`, `--filter=!${router}`], [], { node, prefix });
    await runTests('faults', [`--filter=${wholes}`], ['src/faults/'], { node, prefix });
  };
  if (isIsolated) await Promise.all([runHere(), runApart()]);
  else {
    await runApart();
    await runHere();
  }
}

/** Whether there are two CPUs, and a process may have a network of its own: as root, on Linux, where no container forbids it. */
function canIsolate() {
  if (!isLinuxRoot || availableParallelism() < 2) return false;
  return spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' }).status === 0;
}

/**
 * @param {string} name of the run, for its figures
 * @param {readonly string[]} filters which packages
 * @param {readonly string[]} jestArguments which suites
 * @param {{node: string | undefined, prefix?: readonly string[]}} how on which Node.js; behind which words of the command
 */
async function runTests(name, filters, jestArguments, { node, prefix = [] }) {
  const turbo = ['turbo', 'run', 'test', '--only', '--continue', '--concurrency=1', '--log-order=stream', ...filters];
  const jest = ['--', '--json', `--outputFile=${resultsPrefix}${name}.json`, ...jestArguments];
  const version = node === undefined ? [] : ['npx', '-y', '-p', `node@${node}`, '--'];
  const [command = '', ...args] = [...prefix, ...version, ...turbo, ...jest];
  try {
    await run(command, args);
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

/** @param {string} folder */
function resultsIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.startsWith(resultsPrefix))
    .map((name) => join(folder, name));
}

/** @typedef {{passed: number, failed: number, failures: string[]}} Figures `failures` in jest's words, for the end of a long output */

/**
 * A run that left no figures, or a suite that could not even start, is a failure.
 *
 * @param {string} folder
 * @param {number} runs of its suites
 * @returns {Figures[]}
 */
function figuresOf(folder, runs) {
  const paths = resultsIn(folder);
  const missing = {
    passed: 0,
    failed: 1,
    failures: [`${folder.slice(root.length)}: its suites did not run to their end`],
  };
  return [...paths.map(figuresIn), ...Array.from({ length: runs - paths.length }, () => missing)];
}

/**
 * @param {string} path
 * @returns {Figures}
 */
function figuresIn(path) {
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
