#!/usr/bin/env node
// Installs what is missing, runs all checks and all suites, and prints "N passed, N failed" as the last line.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { check } from './check.mjs';
import { installDependencies, installPrograms } from './install.mjs';
import { root, run, runScript, UsageError } from './run.mjs';

const usage = `Usage: npm test [-- options]

Installs what is missing (also redis-server, coturn, prometheus, chromium, openssl, faketime and an Erlang TURN library), runs all checks, and
runs every suite against real servers. Each server uses a free loopback port and is stopped afterwards. The last line sums up all suites.
Five jobs run at a time, or two if the machine is busy.

  --only NAME   run only the suites of packages/NAME or apps/NAME
  --node MAJOR  run the suites on this Node.js version, downloaded by npx
  --no-check    skip the checks of npm run check
`;

/** The result file of a job is in its package: this prefix, the job's name, and `.json`. */
const resultsPrefix = '.test-results.';

/** The suites with whole fleets take so long that each suite, or each folder of suites, is a separate job. */
const endToEnd = 'packages/e2e';

/** Jobs that start first, the longest first, so that no long job runs alone at the end. */
const longestJobs = [
  'router',
  'health-reporter',
  'e2e faults',
  'registry',
  'e2e workers',
  'e2e secrets',
  'e2e outside',
  'outside-proof',
  'stun',
  'selection',
  'simulator',
  'e2e limits',
  'e2e signals',
  'e2e failures',
  'geo',
  'turnctl',
  'e2e state-directory',
  'e2e geo-verdicts',
  'e2e nothing-left',
  'e2e fuzz',
  'e2e wrong-clocks',
  'e2e fleet-watch',
  'e2e authentication',
  'e2e strict-stun',
  'e2e policy-files',
];

/**
 * How many jobs run at a time. Jobs spend most of their time waiting for servers and node reports, so two CPUs are enough for five.
 */
const jobsAtATime = 5;

/** How many jobs run at a time on a busy machine. More would slow each other down too much. */
const jobsAtATimeIfBusy = 2;

/** Length of the measurement of the CPU load, ms. */
const loadSampleMs = 1_000;

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** Command that runs another one in a separate network. It has loopback and an interface without a link outside, which browsers need. */
const isolateNetwork = [
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

/** Exit codes of ended jobs by job name; null if a signal ended the job. @type {Map<string, number | null>} */
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
  if (jobs.length === 0) throw new UsageError(`--only ${only}: expected a folder of apps or packages that has suites`);
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
    ...(isLinuxRoot ? /** @type {const} */ (['ip', 'nft']) : []),
  ]);
  for (const { results } of jobs) rmSync(results, { force: true });
  // Before the suites, so that no suite rebuilds an app that another suite runs.
  await run('turbo', ['run', 'build', '--output-logs=errors-only']).catch(() => undefined);
  /** @type {string[]} */
  let failedChecks = [];
  const checks = withChecks ? [async () => void (failedChecks = await check())] : [];
  process.stdout.write(`seed of the properties: ${process.env['PROPERTY_SEED'] ?? '13'} (PROPERTY_SEED)\n`);
  await runSuites(jobs, checks, node);
  if (failedChecks.length > 0) process.stdout.write(`failed checks: ${failedChecks.join(', ')}\n`);

  const figures = jobs.map(figuresOf);
  for (const { failures } of figures) for (const failure of failures) process.stdout.write(`\n${failure}\n`);
  const passed = figures.reduce((sum, figure) => sum + figure.passed, 0);
  const failed = figures.reduce((sum, figure) => sum + figure.failed, failedChecks.length);
  if (failed > 0 || passed === 0) process.exitCode = 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

/** @typedef {{name: string, folder: string, paths: readonly string[], results: string}} Job without `paths`, all suites of the folder run */

/**
 * @param {readonly string[]} folders of packages
 * @returns {Job[]} in the order of their start
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
      if (folder !== join(root, endToEnd)) return [job('', [])];
      return readdirSync(join(folder, 'src'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.name.endsWith('.test.ts'))
        .map((entry) => job(basename(entry.name, '.test.ts'), [`src/${entry.name}${entry.isDirectory() ? '/' : ''}`]));
    })
    .toSorted((a, b) => place(a.name) - place(b.name));
}

/** @param {string} name of a job */
function place(name) {
  const index = longestJobs.indexOf(name);
  return index === -1 ? longestJobs.length : index;
}

/**
 * Runs jobs and checks in parallel if each job can have a separate network, else one after the other: suites start servers, take ports, and
 * count traffic on loopback.
 *
 * @param {readonly Job[]} jobs
 * @param {readonly (() => Promise<void>)[]} checks
 * @param {string | undefined} node
 */
async function runSuites(jobs, checks, node) {
  const isIsolated = canIsolate();
  const prefix = isIsolated ? isolateNetwork : [];
  const program = node === undefined ? process.execPath : fetchNode(node);
  const waiting = [...checks, ...jobs.map((job) => () => runJob(job, [...prefix, program]))];
  const runLane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: isIsolated ? await chooseJobsAtATime() : 1 }, runLane));
}

/** Chooses how many jobs run at a time, by the CPU load of the machine. */
async function chooseJobsAtATime() {
  const before = cpuTimesMs();
  await delay(loadSampleMs);
  const after = cpuTimesMs();
  if ((after.idle - before.idle) / (after.all - before.all) > 0.5) return jobsAtATime;
  process.stdout.write(`the machine is busy: ${jobsAtATimeIfBusy} jobs at a time\n`);
  return jobsAtATimeIfBusy;
}

/** Sums the idle time and the whole time of all CPUs since the system started. */
function cpuTimesMs() {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.flatMap((each) => Object.values(each)).reduce((sum, ms) => sum + ms, 0);
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all };
}

/** Whether the machine has two CPUs and allows separate networks: as root on Linux, unless a container forbids it. */
function canIsolate() {
  if (!isLinuxRoot || availableParallelism() < 2) return false;
  const [command, ...args] = isolateNetwork;
  return spawnSync(command ?? '', [...args, 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * @param {string} major
 * @returns {string} the path of the Node.js binary
 */
function fetchNode(major) {
  const args = ['-y', '-p', `node@${major}`, '--', 'node', '-p', 'process.execPath'];
  return execFileSync('npx', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/**
 * Runs the suites of a job, and prints their output after they have ended.
 *
 * @param {Job} job
 * @param {readonly string[]} program the path of Node.js, after the command that isolates its network, if any
 */
async function runJob({ name, folder, paths, results }, program) {
  const jest = [join(root, 'packages/jest-preset/run-jest.mjs'), '--json', `--outputFile=${results}`, ...paths];
  const [command = '', ...args] = [...program, ...jest];
  // A suite that starts `node` gets this Node.js too.
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
 * @returns {string[]} the folders whose suites run
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

/** @typedef {{passed: number, failed: number, failures: string[]}} Figures `failures` are jest's messages, repeated at the end of the output */

/**
 * Counts as a failure: a job without results, a job with a nonzero exit code, and a suite that could not start.
 *
 * @param {Job} job
 * @returns {Figures}
 */
function figuresOf({ name, results }) {
  const unfinished = { passed: 0, failed: 1, failures: [`${name}: its suites ended early, without results`] };
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
