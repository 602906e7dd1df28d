#!/usr/bin/env node
// A router under load suffers fault after fault; says at the end whether anybody noticed.
import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { installDependencies, installPrograms } from './install.mjs';
import { numberOption, run, runScript, step, stopInOrder, UsageError } from './run.mjs';

const usage = `Usage: npm run soak [-- options]

Runs on loopback: a router (one process, a tiny GeoIP file), a real redis-server behind a faulty proxy, 60 nodes of three regions that report
every five seconds, and callers at a constant rate. One fault of the fault suite after the other, in random order and for a random time, with
calm between them. Ctrl-C ends it early, with a verdict.

  --minutes N   how long (75: the warm-up, and an hour that is judged)
  --rate N      calls a second (100)
  --seed N      decides which faults come when; the same seed, the same plan (drawn, and printed)
  --out FILE    write all figures there, JSON

A call whose kept connection the router closes while the call is on its way is sent again, once, as clients do; such calls are counted.

Exit code 1 when
  - a call was answered with anything but relays (availability below 100 %),
  - resident memory grows by more than 1 MiB an hour: the slope of a least-squares line through the lowest VmRSS of each of 25 windows after
    the warm-up (ten minutes, or a sixth of a shorter run), the router collecting its garbage twice a minute, so that none passes for
    growth; judged when it covers 20 minutes or more,
  - the lowest number of open descriptors in the last quarter is more than 2 above that of the first quarter after the warm-up.
`;

/** What became of each is remembered to the end. */
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
      throw new UsageError(`--minutes and --rate: expected at most ${callsMax} calls in all`);
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
  print(`soak of ${options.minutes} min, ${options.callsPerSecond} calls a second, seed ${options.seed}`);
  const result = await runSoak({
    ...options,
    stop: stopInOrder(),
    onMinute: ({ minute, load, availability, residentMib, descriptors, fault }) =>
      print(
        `min ${minute}: available ${percent(availability)}, ${load.calls} calls, p99 ${load.p99Ms.toFixed(1)} ms, ` +
          `max ${load.maxMs.toFixed(0)} ms, VmRSS ${residentMib.toFixed(1)} MiB, ${descriptors} descriptors` +
          `, in force: ${fault ?? 'nothing'}${load.failures > 0 ? `, FAILED ${JSON.stringify(load.byCode)}` : ''}`,
      ),
    onFault: (name, { lastsMs, freshAfterMs }) =>
      print(
        freshAfterMs === undefined
          ? `  ${name} for ${seconds(lastsMs)}`
          : `  ${name} is over; fresh after ${seconds(freshAfterMs)}`,
      ),
  });

  const { verdict, load, faults } = result;
  const worst = Math.max(0, ...faults.map(({ freshAfterMs }) => freshAfterMs));
  print(
    `${faults.length} faults; fresh again at most ${seconds(worst)} after one\n` +
      `availability ${percent(verdict.availability)} of ${verdict.calls} calls; by status ${JSON.stringify(load.byStatus)}, ${load.redials} redialled\n` +
      `latency p50 ${load.p50Ms.toFixed(1)} ms, p99 ${load.p99Ms.toFixed(1)} ms, max ${load.maxMs.toFixed(0)} ms\n` +
      `memory ${verdict.memoryMibPerHour.toFixed(2)} MiB an hour, ${verdict.anonymousMibPerHour.toFixed(2)} of what is no file${verdict.isMemoryJudged ? '' : ' (too short to judge)'}\n` +
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
 * Rounded down, so that one failure in a million is not 100 %.
 *
 * @param {number} share
 */
function percent(share) {
  return `${(Math.floor(share * 1e6) / 1e4).toFixed(share === 1 ? 0 : 4)} %`;
}
