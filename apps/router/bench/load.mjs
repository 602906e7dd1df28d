// Load by wrk from the other core, and what it shows of a server.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readProcessFigures } from '@turn-router/testing';
import { otherCore } from './children.mjs';

const connections = 32;
/** Whoever stood still first reads the registry again, and all reports that came meanwhile, ms. */
const settleMs = 2_000;
/** Rounds that do not count: they are for the compilers. */
const warmUpRounds = 2;
const script = fileURLToPath(new URL('callers.lua', import.meta.url));

/**
 * @typedef {{name: string, url: string, pid: number, signal: (signal: NodeJS.Signals) => void}} Target
 * @typedef {{perSecond: number, p50Ms: number, p99Ms: number, cpuUs: number}} Figures `cpuUs`: processor time of the server per request, µs
 */

/**
 * Loads each target in turn, round after round, so that all meet the same moods of the machine. Those not in turn stand still.
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
 * @param {Target} target
 * @param {number} seconds
 * @param {boolean} oneCaller
 * @returns {Promise<Figures>}
 */
async function load({ name, url, pid }, seconds, oneCaller) {
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
  const cpuBeforeUs = await cpuTimeUs(pid);
  const { stdout } = await promisify(execFile)('taskset', ['-c', `${otherCore}`, 'wrk', ...args], {
    env: { PATH: process.env['PATH'], ...(oneCaller ? { ONE_CALLER: '1' } : {}) },
  });
  const cpuUs = (await cpuTimeUs(pid)) - cpuBeforeUs;
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${name} failed requests:\n${stdout}`);
  return {
    perSecond: figure(stdout, /Requests\/sec:\s+([\d.]+)/),
    p50Ms: latencyMs(stdout, '50%'),
    p99Ms: latencyMs(stdout, '99%'),
    cpuUs: cpuUs / figure(stdout, /(\d+) requests in/),
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

/** @param {number} pid */
async function cpuTimeUs(pid) {
  return (await readProcessFigures(pid)).processorSeconds * 1e6;
}
