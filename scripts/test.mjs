#!/usr/bin/env node
// Installs what is missing, checks everything, runs every suite, and ends with "N passed, N failed".
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { check } from './check.mjs';
import { installDependencies, installPrograms } from './install.mjs';
import { root, run, runScript, UsageError } from './run.mjs';

const usage = `Usage: npm test [-- options]

Installs what is missing (redis-server, coturn, prometheus, chromium, openssl, faketime and an Erlang TURN library too), checks everything,
and runs every suite against real servers, each on a free port of loopback and ended afterwards. The last line adds up all suites.
Suites run five jobs at a time, two on a machine that is busy with something else.

  --only NAME   only the suites of packages/NAME or apps/NAME
  --node MAJOR  run the suites on this Node.js version, fetched by npx
  --no-check    leave out types, lint, format, boundaries and dead code
`;

/** Where a job leaves its figures: in its package, this, the job's name, and `.json`. */
const resultsPrefix = '.test-results.';

/** Whole calls and whole fleets: its suites are so long that each, or each folder of them, is a job of its own. */
const wholes = 'packages/e2e';

/** The jobs that take longest, longest first, so that none of them is still running when all others are done. */
const longest = [
  'e2e faults',
  'health-reporter',
  'registry',
  'e2e workers',
  'router',
  'simulator',
  'e2e limits',
  'e2e router-process',
  'e2e secrets',
  'e2e fleet-watch',
  'e2e nothing-left',
  'e2e failures',
  'turnctl',
];

/**
 * How many jobs run at a time. They wait for servers and for reports most of the time, so there are more of them than CPUs, of which two are
 * enough.
 */
const lanes = 5;

/** The same on a machine that is busy with something else: more of them would starve each other. */
const lanesBesideOthers = 2;

/** For how long the machine is looked at, ms. */
const lookMs = 1_000;

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** What a command runs behind to have a network of its own: loopback, and one that leads nowhere, for browsers, which want more than loopback. */
const ownNetwork = [
  'unshare',
  '--net',
  'sh',
  '-c',
  [
    'ip link set lo up',
    'ip link add outside type veth peer inside',
    'ip address add 198.18.0.1/30 dev inside',
    'ip link set inside up',
    'ip link set outside up',
    'ip route add default via 198.18.0.2',
    'exec "$@"',
  ].join(' && '),
  'sh',
];

/** Of jobs that have ended, by their names; null: ended by a signal. @type {Map<string, number | null>} */
const exitCodes = new Map();

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
  const jobs = jobsOf(testedFolders(only));
  if (jobs.length === 0) throw new UsageError(`--only ${only}: no such folder of apps or packages has suites`);
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
  for (const { results } of jobs) rmSync(results, { force: true });
  // Before the suites, so that none builds what another runs.
  await run('turbo', ['run', 'build', '--output-logs=errors-only']).catch(() => undefined);
  /** @type {string[]} */
  let failedChecks = [];
  const checks = withChecks ? [async () => void (failedChecks = await check())] : [];
  process.stdout.write(`properties by seed ${process.env['PROPERTY_SEED'] ?? '13'} (PROPERTY_SEED)\n`);
  await runSuites(jobs, checks, node);
  if (failedChecks.length > 0) process.stdout.write(`checks that failed: ${failedChecks.join(', ')}\n`);

  const figures = jobs.map(figuresOf);
  for (const { failures } of figures) for (const failure of failures) process.stdout.write(`\n${failure}\n`);
  const passed = figures.reduce((sum, figure) => sum + figure.passed, 0);
  const failed = figures.reduce((sum, figure) => sum + figure.failed, failedChecks.length);
  if (failed > 0 || passed === 0) process.exitCode = 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

/** @typedef {{name: string, folder: string, paths: readonly string[], results: string}} Job `paths` choose suites of the folder; none: all */

/**
 * @param {readonly string[]} folders of packages
 * @returns {Job[]} in the order in which they start
 */
function jobsOf(folders) {
  return folders
    .flatMap((folder) => {
      const name = basename(folder);
      const job = (/** @type {string} */ part, /** @type {string[]} */ paths) => ({
        name: [name, part].filter(Boolean).join(' '),
        folder,
        paths,
        results: join(folder, `${resultsPrefix}${part || 'all'}.json`),
      });
      if (folder !== join(root, wholes)) return [job('', [])];
      return readdirSync(join(folder, 'src'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.name.endsWith('.test.ts'))
        .map((entry) => job(basename(entry.name, '.test.ts'), [`src/${entry.name}${entry.isDirectory() ? '/' : ''}`]));
    })
    .toSorted((a, b) => place(a.name) - place(b.name));
}

/** @param {string} name of a job */
function place(name) {
  const index = longest.indexOf(name);
  return index === -1 ? longest.length : index;
}

/**
 * Several jobs at a time where each can have a network of its own, and the checks beside them; else one after the other: suites start servers,
 * take ports, and count what goes over loopback.
 *
 * @param {readonly Job[]} jobs
 * @param {readonly (() => Promise<void>)[]} checks
 * @param {string | undefined} node
 */
async function runSuites(jobs, checks, node) {
  const isIsolated = canIsolate();
  const prefix = isIsolated ? ownNetwork : [];
  const program = node === undefined ? process.execPath : fetchNode(node);
  const waiting = [...checks, ...jobs.map((job) => () => runJob(job, [...prefix, program]))];
  const runLane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: isIsolated ? await countLanes() : 1 }, runLane));
}

/** How many jobs may run at a time. */
async function countLanes() {
  const before = idleAndAllMs();
  await delay(lookMs);
  const after = idleAndAllMs();
  if ((after.idle - before.idle) / (after.all - before.all) > 0.5) return lanes;
  process.stdout.write(`the machine is busy: ${lanesBesideOthers} jobs at a time\n`);
  return lanesBesideOthers;
}

/** Of all CPUs since the system started. */
function idleAndAllMs() {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.flatMap((each) => Object.values(each)).reduce((sum, ms) => sum + ms, 0);
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all };
}

/** Whether there are two CPUs, and a process may have a network of its own: as root, on Linux, where no container forbids it. */
function canIsolate() {
  if (!isLinuxRoot || availableParallelism() < 2) return false;
  const [command, ...args] = ownNetwork;
  return spawnSync(command ?? '', [...args, 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * @param {string} major
 * @returns {string} the path of that Node.js
 */
function fetchNode(major) {
  const args = ['-y', '-p', `node@${major}`, '--', 'node', '-p', 'process.execPath'];
  return execFileSync('npx', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/**
 * Runs suites, and shows what they have printed when they are done.
 *
 * @param {Job} job
 * @param {readonly string[]} program Node.js, and what it runs behind
 */
async function runJob({ name, folder, paths, results }, program) {
  const jest = [join(root, 'packages/jest-preset/run-jest.mjs'), '--json', `--outputFile=${results}`, ...paths];
  const [command = '', ...args] = [...program, ...jest];
  // What suites start by name is this Node.js too.
  const env = { ...process.env, PATH: `${dirname(program.at(-1) ?? '')}${delimiter}${process.env['PATH'] ?? ''}` };
  const startedAtMs = performance.now();
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  child.once('error', (error) => (output += error.message));
  exitCodes.set(name, await new Promise((resolve) => child.once('close', resolve)));
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  process.stdout.write(`\n${name} (${seconds} s)\n${output.trim()}\n`);
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

/** @typedef {{passed: number, failed: number, failures: string[]}} Figures `failures` in jest's words, for the end of a long output */

/**
 * A job that left no figures or did not end by itself, and a suite that could not even start, are failures.
 *
 * @param {Job} job
 * @returns {Figures}
 */
function figuresOf({ name, results }) {
  const unfinished = { passed: 0, failed: 1, failures: [`${name}: its suites did not run to their end`] };
  if (!existsSync(results)) return unfinished;
  const figures = figuresIn(results);
  if (figures.failed > 0 || exitCodes.get(name) === 0) return figures;
  return {
    passed: figures.passed,
    failed: 1,
    failures: [`${name}: exit code ${exitCodes.get(name)}, though no test failed`],
  };
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
