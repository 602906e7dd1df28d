#!/usr/bin/env node
// Starts a router, fuzzes it, and judges the router's answers and its effect on other callers.
import { installDependencies, installPrograms } from './install.mjs';
import { numberOption, run, runScript, step, abortOnSignals, UsageError } from './run.mjs';

const usage = `Usage: npm run test:fuzz -- [options]

Runs on loopback a real redis-server and a built router that accepts every kind of caller without limits. The listeners of the router get:
  - 100 requests per second, spread over all operations in the OpenAPI documents; every tenth request goes to the admin listener. Half are
    plausible, the other half have faults. Each answer is checked against the document: status, type, schema and headers;
  - 15 connections per second with bytes that are not HTTP requests, or from which two parsers read different requests;
  - 165 connections that send nothing, send one byte per second, or never read; 5 aborted uploads per second;
  - 50 calls per second from a polite caller in a separate thread. It is also measured without fuzz for the same time in total, one half
    before the fuzz and one half after it.
Then a second router gets 20 calls per second, while a hostile Redis damages every fourth of its replies. Redis is honest for every second turn
of 5 seconds. This takes half as long as the fuzz.
Ctrl-C ends the run early and prints a verdict on everything except latency and memory.

  --minutes N   length of the fuzz (10)
  --only redis  leave out the fuzz, and run the hostile Redis only
  --seed N      the same seed gives the same requests (default: random, printed)

The exit code is 1 if
  - an answer is a 5xx other than a documented 503, or differs from the document. The fault is shown with the seed and as a curl command,
  - a slow connection is not closed in time, the polite caller is refused, or the router ends or logs an error,
  - the polite caller's p99 is more than twice its p99 in the quiet phases,
  - the router's resident memory grows by more than 20 MiB from the end of the warm-up (a minute, or a sixth of a short run) to the end of the
    fuzz, measured after a garbage collection,
  - the router has more open descriptors after the fuzz than before it,
  - with a hostile Redis: the router ends, answers with another status than 200, 401 or 503, grows by more than 20 MiB, or is not ready within a
    minute after the damage.
`;

await runScript(
  {
    usage,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1_000_000)}` },
      only: { type: 'string' },
    },
  },
  async ({ minutes, seed, only }) => {
    if (only !== undefined && only !== 'redis') throw new UsageError(`--only: expected redis`);
    const [seconds, number] = [
      numberOption('minutes', minutes, 0.5, 240) * 60,
      numberOption('seed', seed, 0, 2 ** 31 - 1),
    ];
    await prepare();
    const stop = abortOnSignals();
    if (only === undefined) await fuzz(seconds, number, stop);
    if (!stop.aborted) await endureRedis(seconds / 2, number, stop);
  },
);

async function prepare() {
  await installDependencies();
  await installPrograms(['redis-server']);
  const filters = ['router', 'turnctl', 'trials'].map((name) => `--filter=@turn-router/${name}...`);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { quiet: true }));
}

/**
 * @param {number} seconds
 * @param {number} seed
 * @param {AbortSignal} stop
 */
async function endureRedis(seconds, seed, stop) {
  const { runHostileRedis } = await import('../packages/trials/dist/index.js');
  print(`hostile Redis for ${seconds / 60} min, seed ${seed}`);
  const { damages, statuses, memoryGrowthMib, faults } = await runHostileRedis({ seconds, seed, form: 'full', stop });
  print(`${damages} damaged replies; answers ${JSON.stringify(statuses)}; memory ${memoryGrowthMib.toFixed(1)} MiB`);
  printVerdict(faults);
}

/** @param {readonly string[]} faults */
function printVerdict(faults) {
  if (faults.length > 0) process.exitCode = 1;
  print(faults.length === 0 ? 'passed' : `FAILED:\n${faults.join('\n')}`);
}

/**
 * @param {number} seconds
 * @param {number} seed
 * @param {AbortSignal} stop
 */
async function fuzz(seconds, seed, stop) {
  const { runFuzz } = await import('../packages/trials/dist/index.js');
  print(`fuzz of ${seconds / 60} min, seed ${seed}`);
  const { verdict, answers, connections, operations, slowClients } = await runFuzz({
    seconds,
    seed,
    form: 'full',
    stop,
    onPhase: (phase, polite) =>
      print(
        `${phase}: polite caller p50 ${polite.p50Ms.toFixed(1)} ms, p99 ${polite.p99Ms.toFixed(1)} ms, max ${polite.maxMs.toFixed(0)} ms, ` +
          `${polite.calls} calls, ${polite.failures} failed`,
      ),
  });

  for (const [operation, byStatus] of Object.entries(answers)) print(`  ${operation}: ${JSON.stringify(byStatus)}`);
  const notReached = operations.filter((operation) => answers[operation] === undefined);
  print(`  not reached: ${notReached.join(', ') || 'none'}`);
  print(`${connections} connections with hostile bytes; ${slowClients.length} slow connections, closed by the router:`);
  for (const manner of new Set(slowClients.map((client) => client.manner))) {
    const ofManner = slowClients.filter((client) => client.manner === manner);
    const closed = ofManner.map(({ closedAfterMs }) => closedAfterMs).filter((ms) => ms !== undefined);
    print(
      `  ${manner}: ${closed.length} of ${ofManner.length}, the last after ${(Math.max(...closed) / 1000).toFixed(1)} s`,
    );
  }
  print(
    `p99 × ${verdict.p99Ratio.toFixed(2)}, memory ${verdict.memoryGrowthMib.toFixed(1)} MiB, ` +
      `descriptors ${verdict.descriptors.before} → ${verdict.descriptors.after}`,
  );
  printVerdict(verdict.faults);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
