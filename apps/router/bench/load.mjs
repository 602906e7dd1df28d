// Loads a server with wrk, which runs on the other core, and returns the measured figures.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { otherCore } from './children.mjs';
import { processorUs } from './processor-time.mjs';

const connections = 32;
/** Time in which a resumed server can read the registry and all reports that came while it was stopped, ms. */
const settleMs = 2_000;
/** Rounds that are not counted, because V8 still compiles in them. */
const warmUpRounds = 2;
const script = fileURLToPath(new URL('callers.lua', import.meta.url));

/**
 * @typedef {{name: string, url: string, pid: number, signal: (signal: NodeJS.Signals) => void}} Target
 * @typedef {object} Figures
 * @property {number} answers
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} cpuUs processor time of the server and its descendants per answer, µs
 * @property {number} wallUs duration of the load, µs
 */

/**
 * Loads each target in turn, round after round, so that all are measured under the same conditions. The other targets are stopped.
 *
 * @param {readonly Target[]} targets
 * @param {{rounds: number, seconds: number, oneCaller?: boolean}} options
 * @returns {Promise<{target: Target, rounds: Figures[]}[]>} in the order of the targets
 */
export async function loadInTurn(targets, { rounds, seconds, oneCaller = false }) {
  const results = targets.map((target) => ({ target, rounds: /** @type {Figures[]} */ ([]) }));
  for (const { signal } of targets) signal('SIGSTOP');
  for (let round = 1 - warmUpRounds; round <= rounds; round += 1) {
    for (const result of results) {
      result.target.signal('SIGCONT');
      await delay(settleMs);
      const figures = await load(result.target, seconds, oneCaller);
      result.target.signal('SIGSTOP');
      if (round > 0) result.rounds.push(figures);
      process.stderr.write(`${result.target.name}: ${figures.perSecond.toFixed(0)} answers/s\n`);
    }
  }
  for (const { signal } of targets) signal('SIGCONT');
  return results;
}

/**
 * Loads one target over 32 connections with as many requests as it can answer.
 *
 * @param {Target} target
 * @param {number} seconds a whole number
 * @param {boolean} [oneCaller] whether all requests come from one address
 * @returns {Promise<Figures>}
 */
export async function load({ name, url, pid }, seconds, oneCaller = false) {
  const args = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '--latency',
    '-s',
    script,
    `${url}/v1/ice-servers`,
  ];
  const startedAtMs = performance.now();
  const cpuBeforeUs = await processorUs(pid);
  const { stdout } = await promisify(execFile)('taskset', ['-c', `${otherCore}`, 'wrk', ...args], {
    env: { PATH: process.env['PATH'], ...(oneCaller ? { ONE_CALLER: '1' } : {}) },
  });
  const cpuUs = (await processorUs(pid)) - cpuBeforeUs;
  const wallUs = (performance.now() - startedAtMs) * 1000;
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${name} failed requests:\n${stdout}`);
  const answers = figure(stdout, /(\d+) requests in/);
  return {
    answers,
    perSecond: figure(stdout, /Requests\/sec:\s+([\d.]+)/),
    p50Ms: latencyMs(stdout, '50%'),
    p99Ms: latencyMs(stdout, '99%'),
    cpuUs: cpuUs / answers,
    wallUs,
  };
}

const unitsMs = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1000],
]);

/** @param {string} text @param {string} percentile */
function latencyMs(text, percentile) {
  const [, value, unit = ''] = new RegExp(`${percentile}\\s+([\\d.]+)(us|ms|s)\\b`).exec(text) ?? [];
  return Number(value) * (unitsMs.get(unit) ?? Number.NaN);
}

/** @param {string} text @param {RegExp} pattern */
function figure(text, pattern) {
  return Number(pattern.exec(text)?.[1]);
}
