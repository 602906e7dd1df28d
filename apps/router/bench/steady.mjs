// Measures a server under a constant load: its memory, and how long its event loop is blocked.
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, readProcessFigures, startSteadyLoad } from '@turn-router/testing';

/**
 * @typedef {{maxMs: number, p99Ms: number}} Times
 * @typedef {{blocked: Times, worked: Times}} Blocking `worked`: the part of this time in which the process itself worked and did not wait for its core
 * @typedef {{residentMib: number, failures: number, p50Ms: number, p99Ms: number, loop: Blocking}} SteadyFigures
 */

/**
 * Sends requests at a constant rate, and measures after a warm-up.
 *
 * @param {{url: string, pid: number, signal: (signal: NodeJS.Signals) => void}} server loaded with `event-loop-watch.mjs`
 * @param {{ratePerSecond: number, warmUpSeconds: number, seconds: number, eventLoopFile: string}} options
 * @returns {Promise<SteadyFigures>}
 */
export async function watchUnderSteadyLoad(server, { ratePerSecond, warmUpSeconds, seconds, eventLoopFile }) {
  const load = startSteadyLoad({ url: server.url, ratePerSecond, maxSeconds: warmUpSeconds + seconds, callers });
  await delay(warmUpSeconds * 1000);
  await readBlocking(server, eventLoopFile);
  const fromMs = performance.now();
  await delay(seconds * 1000);
  const loop = await readBlocking(server, eventLoopFile);
  const { residentMib } = await readProcessFigures(server.pid);
  await load.stop();
  const { failures, p50Ms, p99Ms } = load.window(fromMs, Number.POSITIVE_INFINITY);
  return { residentMib, failures, p50Ms, p99Ms, loop };
}

const callers = Array.from({ length: 1000 }, (_, index) => ({
  headers: { 'x-forwarded-for': `${1 + (index % 223)}.${(index * 7) % 256}.${(index * 13) % 256}.1` },
  body: { userId: `user-${index}` },
}));

/**
 * Returns the times since the last call.
 *
 * @param {{signal: (signal: NodeJS.Signals) => void}} server
 * @param {string} eventLoopFile
 * @returns {Promise<Blocking>}
 */
async function readBlocking({ signal }, eventLoopFile) {
  await rm(eventLoopFile, { force: true });
  signal('SIGUSR2');
  return eventually('the server to say how long it was blocked', async () =>
    JSON.parse(await readFile(eventLoopFile, 'utf8')),
  );
}
