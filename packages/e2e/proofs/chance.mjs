// runs every suite that draws random numbers or judges shares many times, and counts the failures
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `Usage: npm run prove -- chance [options]

Suites without servers whose properties draw random cases run 100 times, each time with another seed. Suites without servers that use fixed
seeds run twice, because every run has the same result. Suites with servers and processes run 10 times, at the same time as the others.

  --pure N       how many times suites without servers run (100)
  --seeded N     how many times suites with fixed seeds run (2)
  --processes N  how many times suites with servers run (10)
  --only NAME    run only the suites of packages/NAME or apps/NAME
`;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const runJest = join(root, 'packages/jest-preset/run-jest.mjs');

/** A suite whose properties draw random cases contains this. */
const drawsCases = /'fast-check'/;
/** A suite that draws random numbers, or judges their outcome, contains one of these words. */
const usesChance = /'fast-check'|seededRandom|uniformDraws|RandomStreams|simulate|callsPerNode|callsByNode|maxPassed/;

/** A suite that starts servers or processes contains one of these words. All suites in `endToEnd` start them. */
const startsServers =
  /\bstart(?:Redis|Coturn|Process|Router|Reporter|Fleet|Stage|Server|Parts)|createServer|createSocket|spawn/;
const endToEnd = 'packages/e2e';

/** @typedef {{folder: string, kind: string, names: string[], times: number}} Group suites of one package that run together */

/**
 * @param {{pure: number, seeded: number, processes: number, only: string | undefined}} options
 * @returns {Group[]}
 */
function groupsOf({ pure, seeded, processes, only }) {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => ({ name, folder: `${parent}/${name}` })))
    .filter(({ name }) => only === undefined || name === only)
    .flatMap(({ folder }) => {
      const source = join(root, folder, 'src');
      const suites = readdirSync(join(root, folder)).includes('src')
        ? readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))
        : [];
      const drawing = suites
        .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }))
        .filter(({ text }) => usesChance.test(text));
      const hasServers = (/** @type {{text: string}} */ { text }) => folder === endToEnd || startsServers.test(text);
      const withoutServers = drawing.filter((suite) => !hasServers(suite));
      return [
        { folder, kind: 'pure', names: namesOf(withoutServers.filter(isDrawing)), times: pure },
        { folder, kind: 'seeded', names: namesOf(withoutServers.filter((suite) => !isDrawing(suite))), times: seeded },
        { folder, kind: 'processes', names: namesOf(drawing.filter(hasServers)), times: processes },
      ];
    })
    .filter(({ names, times }) => names.length > 0 && times > 0);
}

/** @param {{text: string}} suite */
function isDrawing({ text }) {
  return drawsCases.test(text);
}

/** @param {readonly {name: string}[]} suites */
function namesOf(suites) {
  return suites.map(({ name }) => name).toSorted();
}

/**
 * @param {Group} group
 * @param {number} seed
 * @returns {Promise<string>} the output if a suite failed, else an empty string
 */
async function failureOf({ folder, names }, seed) {
  const pattern = `^(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
  const child = spawn(process.execPath, [runJest], {
    cwd: join(root, folder),
    env: { ...process.env, SUITES: pattern, PROPERTY_SEED: `${seed}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return code === 0 ? '' : output;
}

const { values } = parseArgs({
  options: {
    pure: { type: 'string', default: '100' },
    seeded: { type: 'string', default: '2' },
    processes: { type: 'string', default: '10' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const { pure, seeded, processes, only } = values;
const groups = groupsOf({ pure: Number(pure), seeded: Number(seeded), processes: Number(processes), only });
/** @type {{folder: string, kind: string, suites: number, runs: number, failures: number}[]} */
const rows = [];

/** @param {Group} group */
async function runGroup(group) {
  let failures = 0;
  for (let seed = 1; seed <= group.times; seed += 1) {
    const failure = await failureOf(group, seed);
    if (failure === '') continue;
    failures += 1;
    process.stdout.write(`\n${group.folder}, seed ${seed}:\n${failure}\n`);
  }
  const { folder, kind, names, times } = group;
  rows.push({ folder, kind, suites: names.length, runs: times, failures });
  process.stdout.write(`${folder}, ${kind}: ${names.join(', ')}\n  ${times} runs, ${failures} failures\n`);
}

/** @param {(group: Group) => boolean} isOfLane */
async function runLane(isOfLane) {
  for (const group of groups.filter(isOfLane)) await runGroup(group);
}

await Promise.all([runLane(({ kind }) => kind === 'processes'), runLane(({ kind }) => kind !== 'processes')]);
process.stdout.write('\n| package | kind | suites | runs | failures |\n| --- | --- | --- | --- | --- |\n');
for (const row of rows) process.stdout.write(`| ${Object.values(row).join(' | ')} |\n`);
if (rows.length === 0 || rows.some(({ failures }) => failures > 0)) process.exitCode = 1;
