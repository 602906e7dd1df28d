// Sees to it that nothing which this process starts outlives it.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Holds the ids of all runs that a process belongs to, the outermost first. */
const runsVariable = 'TURN_ROUTER_RUNS';

/**
 * Starts the warden of this process, and gives the run a folder of its own for all temporary files. To be called before anything else is
 * started. Children need the variables of `guardedEnvironment`.
 */
export function guardRun() {
  const id = randomBytes(3).toString('hex');
  const outer = process.env[runsVariable];
  // Short within another run: names of sockets hold no more than 107 characters, and Chromium has some deep in its temporary folder.
  const folder = join(tmpdir(), outer === undefined ? `turn-router-${id}` : id);
  const program = fileURLToPath(new URL('warden.mjs', import.meta.url));
  const warden = spawn(process.execPath, [program, id, folder, `${process.pid}`], {
    detached: true,
    // Inspectors and preloaded modules are meant for this process.
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither the warden nor the pipe to it keeps this process from ending.
  warden.unref();
  const { stdin } = warden;
  stdin.on('error', () => undefined);
  if (stdin instanceof Socket) stdin.unref();
  // After the warden has been started, so that somebody removes it whatever happens next.
  mkdirSync(folder, { mode: 0o700 });
  process.env['TMPDIR'] = folder;
  process.env[runsVariable] = outer === undefined ? id : `${outer} ${id}`;
}

/**
 * What a process with an environment of its own must have of this one's to belong to the run.
 *
 * @returns {Record<string, string>}
 */
export function guardedEnvironment() {
  return Object.fromEntries(
    ['TMPDIR', runsVariable].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}
