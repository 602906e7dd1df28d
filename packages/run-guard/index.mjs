// Ends every process that this process started, when this process ends.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The environment variable with the ids of all runs that a process belongs to, the outermost first. */
const runsVariable = 'TURN_ROUTER_RUNS';

/**
 * Starts the warden of this process, and creates a folder for all temporary files of the run. Call it before starting anything else. Child
 * processes need the variables of `guardedEnvironment`.
 */
export function guardRun() {
  const id = randomBytes(3).toString('hex');
  const outer = process.env[runsVariable];
  // A short name inside another run: a socket path has at most 107 characters, and Chromium creates sockets deep in its temporary folder.
  const folder = join(tmpdir(), outer === undefined ? `turn-router-${id}` : id);
  const program = fileURLToPath(new URL('warden.mjs', import.meta.url));
  const warden = spawn(process.execPath, [program, id, folder, `${process.pid}`], {
    detached: true,
    // Inspectors and preloaded modules in NODE_OPTIONS are for this process only.
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Lets this process end while the warden runs and the pipe to it is open.
  warden.unref();
  const { stdin } = warden;
  stdin.on('error', () => undefined);
  if (stdin instanceof Socket) stdin.unref();
  // The warden starts first, so that it removes the folder in every case.
  mkdirSync(folder, { mode: 0o700 });
  process.env['TMPDIR'] = folder;
  process.env[runsVariable] = outer === undefined ? id : `${outer} ${id}`;
}

/**
 * Returns the variables that a child process with a separate environment needs, so that the warden finds it.
 *
 * @returns {Record<string, string>}
 */
export function guardedEnvironment() {
  return Object.fromEntries(
    ['TMPDIR', runsVariable].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}
