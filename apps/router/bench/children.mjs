// Starts programs, each on a given core. All of them end when this process ends.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { guardedEnvironment, guardRun } from '@turn-router/run-guard';
import { eventually, freePort, temporaryDirectory } from '@turn-router/testing';

/** Core of the measured server, and core of all other programs. On a machine with one core, these are the same core. */
export const measuredCore = availableParallelism() > 1 ? 1 : 0;
export const otherCore = 0;
export const allCores = `0-${availableParallelism() - 1}`;

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {(signal: NodeJS.Signals) => void} signal
 * @property {() => Promise<string>} output returns its output so far
 */

guardRun();
/** @type {Set<import('node:child_process').ChildProcess>} */
const living = new Set();
const directory = await temporaryDirectory('bench');

/** Kills every child, including children stopped by SIGSTOP. No child has data that must be kept. */
export async function endChildren() {
  const ends = [...living].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of living) child.kill('SIGKILL');
  await Promise.all(ends);
}

/** Returns the path of a file that is removed at the end. @param {string} name */
export function temporaryFile(name) {
  return join(directory.path, name);
}

let started = 0;

/**
 * Starts a program that listens on loopback or prints a line when it is ready. Its output goes to a file, like the log of a service.
 *
 * @param {object} program
 * @param {number | string} program.core one or several, in the form of `taskset`
 * @param {readonly [command: string, ...args: string[]]} program.command
 * @param {Readonly<Record<string, string>>} [program.env]
 * @param {string} [program.cwd]
 * @param {(output: string) => boolean | Promise<boolean>} program.isReady
 * @returns {Promise<Child>}
 */
export async function startChild({ core, command, env = {}, cwd, isReady }) {
  const outputPath = temporaryFile(`output-${(started += 1)}`);
  const outputFile = openSync(outputPath, 'w');
  const child = spawn('taskset', ['-c', `${core}`, ...command], {
    env: { PATH: process.env['PATH'] ?? '', ...guardedEnvironment(), NODE_ENV: 'production', ...env },
    stdio: ['ignore', outputFile, outputFile],
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(outputFile);
  living.add(child);
  child.once('close', () => living.delete(child));
  const output = () => readFile(outputPath, 'utf8');
  const name = command.join(' ');
  const hasEnded = () => child.exitCode !== null;
  await eventually(`${name} to be ready`, async () => hasEnded() || isReady(await output()), { timeoutMs: 60_000 });
  if (hasEnded()) throw new Error(`${name} ended:\n${await output()}`);
  return { pid: child.pid ?? 0, signal: (signal) => void child.kill(signal), output };
}

/**
 * Starts a program that listens on the port given to it, and waits until it answers there.
 *
 * @param {Omit<Parameters<typeof startChild>[0], 'isReady'>} program
 */
export async function startServer(program) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const isReady = () => fetch(url).then(Boolean, () => false);
  return { ...(await startChild({ ...program, env: { ...program.env, PORT: `${port}` }, isReady })), url };
}
