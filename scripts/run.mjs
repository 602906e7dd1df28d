// Shared by all scripts: the root of the project, running a command, printing progress, and ending every process on exit.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardRun } from '../packages/run-guard/index.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

// The project's own programs come first in the PATH, and telemetry is off.
process.env['PATH'] = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
process.env['TURBO_TELEMETRY_DISABLED'] = '1';
process.env['DO_NOT_TRACK'] = '1';

/**
 * Runs a command in the project's root and waits for its end. With `quiet`, shows its output only if it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{quiet?: boolean, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<void>}
 */
export function run(command, args, { quiet = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    const rejectWith = (/** @type {string} */ how) =>
      reject(new Error(`${command} ${args.join(' ')}: ${how}\n${output}`));
    child.once('error', (error) => rejectWith(error.message));
    child.once('close', (code, signal) => (code === 0 ? resolve() : rejectWith(signal ?? `exit code ${code}`)));
  });
}

/**
 * Prints the name of a step and how long it took.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const startedAtMs = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`… ${name}`);
  const end = (/** @type {string} */ mark) => {
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${mark} ${name} (${seconds} s)\n`);
  };
  try {
    const result = await work();
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
}

/** The oldest version of Node.js that has the features the project's dependencies need. */
const oldestNode = [20, 19];

/**
 * Runs a script: parses its options, answers `--help`, and prints the message of an error. The exit code is then 1, or 2 for invalid
 * arguments. However the script ends, every process that `work` started ends with it.
 *
 * @param {object} script
 * @param {string} script.usage
 * @param {import('node:util').ParseArgsConfig['options']} [script.options]
 * @param {boolean} [script.allowPositionals]
 * @param {readonly string[]} [script.args] default: the whole command line
 * @param {(values: Record<string, unknown>, positionals: string[]) => Promise<void>} work
 */
export async function runScript({ usage, options, allowPositionals = false, args }, work) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return fail(1, `Node.js ${process.versions.node} is too old: install ${oldestNode.join('.')} or newer`);
  }
  let parsed;
  try {
    parsed = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals,
      ...(args === undefined ? {} : { args: [...args] }),
    });
  } catch (error) {
    return fail(2, `${messageOf(error)}\n\n${usage}`);
  }
  if (parsed.values['help'] === true) {
    process.stdout.write(usage);
    return;
  }
  guardRun();
  try {
    await work(parsed.values, parsed.positionals);
  } catch (error) {
    fail(
      error instanceof UsageError ? 2 : 1,
      error instanceof UsageError ? `${error.message}\n\n${usage}` : messageOf(error),
    );
  }
}

/** Time for a script to stop its processes after a signal, ms. The run guard then kills the rest. */
const stopTimeoutMs = 5_000;

/** Signals within this time count as one, ms: Ctrl-C sends the signal twice, once from the terminal and once from npm. */
const sameSignalMs = 1_000;

/**
 * Makes SIGINT, SIGTERM and SIGHUP abort the returned signal instead of ending the script. The script ends at a second signal, or
 * `stopTimeoutMs` after the first.
 *
 * @returns {AbortSignal} aborted when the script must stop
 */
export function abortOnSignals() {
  const stop = new AbortController();
  let stoppedAtMs = Infinity;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        stoppedAtMs = performance.now();
        setTimeout(() => process.exit(1), stopTimeoutMs).unref();
        stop.abort();
      } else if (performance.now() - stoppedAtMs > sameSignalMs) process.exit(1);
    });
  }
  return stop.signal;
}

/**
 * Parses the number of an option.
 *
 * @param {string} name of the option
 * @param {unknown} text
 * @param {number} min
 * @param {number} max
 * @throws UsageError
 */
export function numberOption(name, text, min, max) {
  const value = Number(text);
  if (text === '' || !(value >= min && value <= max)) {
    throw new UsageError(`--${name} ${String(text)}: expected a number from ${min} to ${max}`);
  }
  return value;
}

/** Invalid arguments of a script. */
export class UsageError extends Error {}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {number} exitCode
 * @param {string} text
 */
function fail(exitCode, text) {
  process.exitCode = exitCode;
  process.stderr.write(`${text}\n`);
}
