// What every script needs: the root of the project, running a command, saying what goes on, and leaving nothing behind.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardRun } from '../packages/run-guard/index.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The project's own programs come first, and nothing reports home. */
process.env['PATH'] = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
process.env['TURBO_TELEMETRY_DISABLED'] = '1';
process.env['DO_NOT_TRACK'] = '1';

/**
 * Runs a command at the project's root to its end. With `quiet`, its output is shown only when it fails.
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
 * Says what is being done and how long it took.
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

/** Older ones lack what the project's dependencies use. */
const oldestNode = [20, 19];

/**
 * The whole of a script: reads its options, answers `--help`, and shows what went wrong by its message, with exit code 1, or 2 for
 * arguments that it does not know. Nothing that `work` starts outlives the script, however that ends.
 *
 * @param {object} script
 * @param {string} script.usage
 * @param {import('node:util').ParseArgsConfig['options']} [script.options]
 * @param {boolean} [script.allowPositionals]
 * @param {readonly string[]} [script.args] default: all of the command line
 * @param {(values: Record<string, unknown>, positionals: string[]) => Promise<void>} work
 */
export async function runScript({ usage, options, allowPositionals = false, args }, work) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return fail(1, `Node.js ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}`);
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

/** How long a script may take to stop in order what it has started, ms; what is left then is ended by force. */
const orderlyStopMs = 5_000;

/** A Ctrl-C comes twice, from the terminal and from npm, ms apart. */
const sameSignalMs = 1_000;

/**
 * From now on SIGINT, SIGTERM and SIGHUP do not end the script at once, but ask it to stop in order. A second one, or the end of its time,
 * does.
 *
 * @returns {AbortSignal} aborted when it has to stop
 */
export function stopInOrder() {
  const stop = new AbortController();
  let stoppedAtMs = Infinity;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        stoppedAtMs = performance.now();
        setTimeout(() => process.exit(1), orderlyStopMs).unref();
        stop.abort();
      } else if (performance.now() - stoppedAtMs > sameSignalMs) process.exit(1);
    });
  }
  return stop.signal;
}

/**
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

/** Arguments that a script does not know what to do with. */
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
