#!/usr/bin/env node
// Fuzzes a router of its own; says at the end whether it, or anybody else, took harm.
import { installDependencies, installPrograms } from './install.mjs';
import { numberOption, run, runScript, step, stopInOrder } from './run.mjs';

const usage = `Usage: npm run test:fuzz -- [options]

Runs on loopback: a real redis-server, a built router with every way to ask open and no limits, and against both of its listeners, for as
long as is said:
  - 100 requests a second to every operation of the OpenAPI document that each listener shows, half of them plausible, the other half with
    something wrong; each answer is held against the document: status, type, schema and headers;
  - 15 connections a second with bytes that are no requests, or that two readers would read differently;
  - 165 connections that send nothing, a letter a second, or never read; 5 uploads a second that are broken off;
  - beside it a polite caller, 50 calls a second, from a thread of its own. It is watched for as long again while there is no fuzz, one half
    before and one half after.
Ctrl-C ends it early, with a verdict on all but latency and memory.

  --minutes N   how long it is fuzzed (10)
  --seed N      the same seed, the same requests (drawn, and printed)

Exit code 1 when
  - an answer is a 5xx other than a documented 503, or is not what the document says: shown with the seed and as a line of curl,
  - a slow connection is not closed in time, the polite caller is refused, the router ends or logs an error,
  - the polite caller's p99 is more than twice that of the quiet phases,
  - the router's resident memory grows by more than 20 MiB from the end of the warm-up (a minute, or a sixth of a short run) to the end of the
    fuzz, both without garbage,
  - descriptors are not back where they were.
`;

await runScript(
  {
    usage,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1_000_000)}` },
    },
  },
  ({ minutes, seed }) =>
    fuzz(numberOption('minutes', minutes, 0.5, 240) * 60, numberOption('seed', seed, 0, 2 ** 31 - 1)),
);

/**
 * @param {number} seconds
 * @param {number} seed
 */
async function fuzz(seconds, seed) {
  await installDependencies();
  await installPrograms(['redis-server']);
  const filters = ['router', 'turnctl', 'trials'].map((name) => `--filter=@turn-router/${name}...`);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { quiet: true }));

  const { runFuzz } = await import('../packages/trials/dist/index.js');
  print(`fuzz of ${seconds / 60} min, seed ${seed}`);
  const { verdict, answers, connections, operations, slowClients } = await runFuzz({
    seconds,
    seed,
    form: 'full',
    stop: stopInOrder(),
    onPhase: (phase, polite) =>
      print(
        `${phase}: polite caller p50 ${polite.p50Ms.toFixed(1)} ms, p99 ${polite.p99Ms.toFixed(1)} ms, max ${polite.maxMs.toFixed(0)} ms, ` +
          `${polite.calls} calls, ${polite.failures} failed`,
      ),
  });

  for (const [operation, byStatus] of Object.entries(answers)) print(`  ${operation}: ${JSON.stringify(byStatus)}`);
  const unasked = operations.filter((operation) => answers[operation] === undefined);
  print(`  not reached: ${unasked.join(', ') || 'none'}`);
  print(`${connections} connections with hostile bytes; ${slowClients.length} slow ones, of which the router closed:`);
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
  if (verdict.faults.length > 0) process.exitCode = 1;
  print(verdict.faults.length === 0 ? 'passed' : `FAILED:\n${verdict.faults.join('\n')}`);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
