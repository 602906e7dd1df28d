#!/usr/bin/env node
// Runs a router under load through one fault after another, then judges availability, memory and descriptors.
import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { installDependencies, installPrograms } from './install.mjs';
import { numberOption, run, runScript, step, abortOnSignals, UsageError } from './run.mjs';

const usage = `Usage: npm run soak [-- options]

Runs on loopback: a router (one process, a tiny GeoIP file), a real redis-server behind a faulty proxy, 60 nodes in three regions that report
every five seconds, and calls at a constant rate. The faults of the fault suite run one after another, in random order and for random times,
with pauses between them. Ctrl-C ends the run early and prints a verdict.

  --minutes N   length of the run (75: the warm-up and then about an hour that is judged)
  --rate N      calls per second (100)
  --seed N      seed of the plan of faults; the same seed gives the same plan (default: random, printed)
  --out FILE    write all figures to FILE as JSON

If the router closes a kept connection before it answers, the call is sent once more, as clients do. Such calls are counted.

The exit code is 1 if
  - a call got no relays (availability below 100 %),
  - resident memory grows by more than 1 MiB per hour. The growth is the slope of a least-squares line through the lowest VmRSS of each of 25
    windows after the warm-up (ten minutes, or a sixth of a shorter run). The router collects garbage twice a minute, so that garbage does
    not count as growth. Memory is not judged in runs with less than 20 minutes after the warm-up,
  - the lowest number of open descriptors in the last quarter is more than 2 above that of the first quarter after the warm-up.
`;

/** The outcome of each call stays in memory until the end. */
const callsMax = 2_000_000;

await runScript(
  {
    usage,
    options: {
      minutes: { type: 'string', default: '75' },
      rate: { type: 'string', default: '100' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1_000_000)}` },
      out: { type: 'string' },
    },
  },
  async ({ minutes, rate, seed, out }) => {
    const options = {
      minutes: numberOption('minutes', minutes, 0.5, 1_440),
      callsPerSecond: numberOption('rate', rate, 1, 1_000),
      seed: numberOption('seed', seed, 0, 2 ** 31),
    };
    if (options.minutes * 60 * options.callsPerSecond > callsMax) {
      throw new UsageError(`--minutes and --rate: expected at most ${callsMax} calls in total`);
    }
    const result = await soak(options);
    if (typeof out === 'string') {
      const machine = { cpu: cpus()[0]?.model, cores: cpus().length, platform: platform(), arch: arch() };
      const report = { at: new Date().toISOString(), node: process.version, machine, options, ...result };
      writeFileSync(out, `${JSON.stringify(report, undefined, 1)}\n`);
    }
  },
);

/** @param {{minutes: number, callsPerSecond: number, seed: number}} options */
async function soak(options) {
  await installDependencies();
  await installPrograms(['redis-server', 'turnserver']);
  const filters = ['router', 'trials'].map((name) => `--filter=@turn-router/${name}...`);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { quiet: true }));

  const { runSoak } = await import('../packages/trials/dist/index.js');
  print(`soak of ${options.minutes} min, ${options.callsPerSecond} calls per second, seed ${options.seed}`);
  const result = await runSoak({
    ...options,
    stop: abortOnSignals(),
    onMinute: ({ minute, load, availability, residentMib, descriptors, fault }) =>
      print(
        `min ${minute}: available ${percent(availability)}, ${load.calls} calls, p99 ${load.p99Ms.toFixed(1)} ms, ` +
          `max ${load.maxMs.toFixed(0)} ms, VmRSS ${residentMib.toFixed(1)} MiB, ${descriptors} descriptors` +
          `, fault: ${fault ?? 'none'}${load.failures > 0 ? `, FAILED ${JSON.stringify(load.byCode)}` : ''}`,
      ),
    onFault: (name, { lastsMs, freshAfterMs }) =>
      print(
        freshAfterMs === undefined
          ? `  ${name} for ${seconds(lastsMs)}`
          : `  ${name} has ended; registry fresh after ${seconds(freshAfterMs)}`,
      ),
  });

  const { verdict, load, faults } = result;
  const worst = Math.max(0, ...faults.map(({ freshAfterMs }) => freshAfterMs));
  print(
    `${faults.length} faults; after each, the registry was fresh within ${seconds(worst)}\n` +
      `availability ${percent(verdict.availability)} of ${verdict.calls} calls; by status ${JSON.stringify(load.byStatus)}, ${load.redials} sent again\n` +
      `latency p50 ${load.p50Ms.toFixed(1)} ms, p99 ${load.p99Ms.toFixed(1)} ms, max ${load.maxMs.toFixed(0)} ms\n` +
      `memory ${verdict.memoryMibPerHour.toFixed(2)} MiB per hour, anonymous memory ${verdict.anonymousMibPerHour.toFixed(2)}${verdict.isMemoryJudged ? '' : ' (run too short to judge)'}\n` +
      `descriptors ${verdict.descriptors.first} → ${verdict.descriptors.last}`,
  );
  if (verdict.faults.length > 0) process.exitCode = 1;
  print(verdict.faults.length === 0 ? 'passed' : `FAILED: ${verdict.faults.join('; ')}`);
  return result;
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Rounds down, so that one failure in a million does not show as 100 %.
 *
 * @param {number} share
 */
function percent(share) {
  return `${(Math.floor(share * 1e6) / 1e4).toFixed(share === 1 ? 0 : 4)} %`;
}
