// ends only the first process of npm test, start, soak and bench at random moments, and looks for what is left (2 h)
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort, seededRandom } from '@turn-router/testing';

const usage = `Usage: npm run prove -- nothing-left [options]

Runs each command in a copy of this checkout and ends only its first process (npm and the script itself in turn) at a random moment, by SIGINT,
SIGTERM and SIGKILL. After 10 s it looks for processes and temporary files of the run. A process belongs to the run if its working folder
or its command contains the copy or the run's temporary folder, or if its environment contains a mark. Every fourth run starts without
node_modules. The moments are spread evenly over the logarithm of the time, so that some are during the installation, the build, the
checks and the suites. Needs Linux.

  --times N       number of moments per command and signal (10)
  --only COMMAND  start, test, soak or bench; can be given several times (all)
  --between A-B   the earliest and the latest moment, s (0.5-90 for start, up to 400 for test, 120 for soak, 240 for bench)
  --seed N        determines the moments (random; it is printed)
`;

/** The latest moment, s. By then each command is in its last phase. */
const latestSeconds = { start: 90, test: 400, soak: 120, bench: 240 };
const earliestSeconds = 0.5;
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGKILL']);
/** All processes and files of a run must be gone within this time, ms. */
const endsWithinMs = 10_000;

/** @typedef {keyof typeof latestSeconds} Command */
/** @typedef {{command: Command, viaNpm: boolean, isBare: boolean, signal: NodeJS.Signals, afterMs: number}} Trial */
/** @typedef {{trial: Trial, reached: string, processes: number, goneAfterMs: number | undefined, left: readonly string[]}} Outcome */

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '10' },
    only: { type: 'string', multiple: true, default: Object.keys(latestSeconds) },
    seed: { type: 'string', default: `${randomBytes(3).readUIntBE(0, 3)}` },
    between: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
/** Short, because a socket's path has at most 107 characters, and Chromium creates sockets deep in its temporary folder. */
const mark = randomBytes(3).toString('hex');
const marked = new RegExp(`[-/]${mark}`);
const copy = join(tmpdir(), `copy-${mark}`);
const temporary = join(tmpdir(), mark);

/**
 * @param {readonly Command[]} commands
 * @param {number} times
 * @param {readonly number[]} between seconds; empty: the default of each command
 * @param {() => number} random
 * @returns {Trial[]}
 */
function planTrials(commands, times, between, random) {
  return commands.flatMap((command) =>
    signals.flatMap((signal) =>
      Array.from({ length: times }, (_, index) => {
        const [earliest = earliestSeconds, latest = latestSeconds[command]] = between;
        const afterMs = 1000 * earliest * (latest / earliest) ** random();
        return { command, signal, afterMs, viaNpm: index % 2 === 0, isBare: index % 4 === 3 };
      }),
    ),
  );
}

/** Lists the processes and files of the run. @returns {string[]} */
function leftovers() {
  const processes = readdirSync('/proc').filter((name) => Number(name) > 0 && Number(name) !== process.pid);
  return [...processes.flatMap(describeIfOurs), ...readdirSync(temporary).map((name) => `file ${name}`)];
}

/** @param {string} pid */
function describeIfOurs(pid) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const isOurs = [command, readlinkSync(`/proc/${pid}/cwd`), readFileSync(`/proc/${pid}/environ`, 'utf8')];
    // A zombie has no command line.
    return command !== '' && isOurs.some((text) => marked.test(text)) ? [`process ${pid} ${command}`] : [];
  } catch {
    // The process has ended meanwhile.
    return [];
  }
}

/** @param {Trial} trial @returns {Promise<Outcome>} */
async function run(trial) {
  const { command, viaNpm, isBare, signal, afterMs } = trial;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  if (isBare) rmSync(join(copy, 'node_modules'), { recursive: true, force: true });
  const { TURN_ROUTER_RUNS: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    TMPDIR: temporary,
    PROOF: `nothing-left-${mark}`,
    PORT: `${await freePort()}`,
    ADMIN_PORT: `${await freePort()}`,
  };
  const [program, ...args] = viaNpm ? ['npm', 'run', command] : [process.execPath, `scripts/${command}.mjs`];
  const first = spawn(program ?? '', args, { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [first.stdout, first.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  await Promise.race([delay(afterMs), new Promise((resolve) => first.once('exit', resolve))]);
  const hasEnded = first.exitCode !== null;
  const reached = `${hasEnded ? 'ended by itself: ' : ''}${output.trim().split('\n').at(-1)?.trim().slice(0, 60) ?? ''}`;
  const processes = leftovers().filter((name) => name.startsWith('process')).length;

  const endedAtMs = performance.now();
  first.kill(signal);
  /** @type {number | undefined} */
  let goneAfterMs;
  while (performance.now() - endedAtMs < endsWithinMs) {
    goneAfterMs = leftovers().length > 0 ? undefined : (goneAfterMs ?? performance.now() - endedAtMs);
    await delay(100);
  }
  const left = leftovers();
  for (const name of left) {
    const pid = Number(/^process (\d+)/.exec(name)?.[1]);
    if (pid > 0) process.kill(pid, 'SIGKILL');
  }
  return { trial, reached, processes, goneAfterMs: left.length > 0 ? undefined : goneAfterMs, left };
}

/** @param {Outcome} outcome */
function rowOf({ trial: { command, viaNpm, isBare, signal, afterMs }, reached, processes, goneAfterMs, left }) {
  const cells = [
    command.padEnd(5),
    (viaNpm ? 'npm' : 'script').padEnd(6),
    signal.padEnd(7),
    `${(afterMs / 1000).toFixed(1)} s`.padStart(7),
    `${processes}`.padStart(9),
    (goneAfterMs === undefined ? 'LEFT' : `${(goneAfterMs / 1000).toFixed(1)} s`).padStart(6),
    `${isBare ? 'bare; ' : ''}${reached}`,
  ];
  return `${cells.join('  ')}\n${left.map((name) => `    ${name}\n`).join('')}`;
}

/** @param {Outcome} outcome */
function nameOf({ trial: { command, signal } }) {
  return `${command} ${signal}`;
}

/** @param {readonly Outcome[]} outcomes */
function summaryOf(outcomes) {
  return [...new Set(outcomes.map(nameOf))].map((name) => {
    const group = outcomes.filter((outcome) => nameOf(outcome) === name);
    const failed = group.filter(({ left }) => left.length > 0).length;
    const latestMs = Math.max(...group.map(({ goneAfterMs }) => goneAfterMs ?? Infinity));
    return `${name}: ${group.length} moments, ${failed} left something, all gone after at most ${(latestMs / 1000).toFixed(1)} s\n`;
  });
}

/** @param {string} name @returns {name is Command} */
function isCommand(name) {
  return Object.hasOwn(latestSeconds, name);
}

/** @param {string} path */
function isCopied(path) {
  return !['node_modules', 'dist', '.git', '.turbo'].includes(basename(path));
}

if (values.help) process.stdout.write(usage);
else {
  const [times, seed, commands] = [Number(values.times), Number(values.seed), values.only.filter(isCommand)];
  const between = values.between === '' ? [] : values.between.split('-').map(Number);
  if (between.some((seconds) => !(seconds > 0)) || between.length === 1) throw new Error(usage);
  if (!(times >= 1) || !(seed >= 0) || commands.length < values.only.length) throw new Error(usage);
  process.stdout.write(`seed ${seed}, ${times} moments of each\n`);
  process.stdout.write('run    ended   by          after  processes    gone  reached\n');
  try {
    cpSync(checkout, copy, { recursive: true, filter: isCopied });
    const outcomes = [];
    for (const trial of planTrials(commands, times, between, seededRandom(seed))) {
      const outcome = await run(trial);
      process.stdout.write(rowOf(outcome));
      outcomes.push(outcome);
    }
    process.stdout.write(`\n${summaryOf(outcomes).join('')}`);
    if (outcomes.some(({ left }) => left.length > 0)) process.exitCode = 1;
  } finally {
    for (const folder of [copy, temporary]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
