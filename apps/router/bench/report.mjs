// The report of all measurements.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { costReportOf, measuredServers } from './cost-report.mjs';
import { median, ratioOf } from './figures.mjs';
import { costOf } from './paired.mjs';

/**
 * @typedef {Awaited<ReturnType<typeof import('./load.mjs').loadInTurn>>} Loaded
 * @typedef {import('./steady.mjs').SteadyFigures} SteadyFigures
 * @typedef {object} Results
 * @property {import('./answer-cost.mjs').AnswerCost} cost
 * @property {readonly Loaded[]} naive each: the router first, then the naive designs over the same fleet
 * @property {{bare: SteadyFigures, atThousand: SteadyFigures, atTenThousand: SteadyFigures}} steady
 * @property {Awaited<ReturnType<typeof import('./snapshot.mjs').measureSnapshot>>} snapshot
 * @property {string | undefined} leftOut the missing part of the Python baseline
 */

/**
 * @param {Results} results
 * @param {import('./plans.mjs').Plan} plan
 */
export function reportOf({ cost, naive, steady, snapshot, leftOut }, plan) {
  const { rounds, seconds, warmUpSeconds, steadySeconds } = plan;
  return `# What an answer costs

Written by \`npm run bench\` on: ${machine()}. Programs: ${versions(cost)}.

![Processor time of an answer](results.svg)

${costReportOf(cost, plan.cost)}
In all following tables, the programs run on Node ${cost.first.version}. The next table compares the router with simple designs. On every request, these designs read every
node from Redis. The fleets are the same. All requests have the same client address. There are ${rounds} rounds of ${seconds} s each, after two warm-up rounds.

| server | answers/s | p50, ms | p99, ms | processor, µs an answer | answers/s: router ÷ this server |
| --- | ---: | ---: | ---: | ---: | ---: |
${naive.flatMap(([router, ...others]) => [router, ...others].map((loaded) => naiveRow(loaded, router))).join('\n')}
${leftOut === undefined ? '' : `\nThe Python baseline was not measured: ${leftOut} is missing.\n`}
For the next table, each server gets 1 000 requests/s for ${steadySeconds} s, after ${warmUpSeconds} s of warm-up. Each node reports every 5 s. The memory of a GeoIP file is not included.

- "Blocked" is a time in which the event loop could do nothing else.
- "By own work" is the same time, without the time in which another process used the core.
- The row of the bare Express app shows the delays that the machine itself causes.


| server | resident, MiB | blocked: longest, ms | blocked: 99 %, ms | by own work: longest, ms | by own work: 99 %, ms | failed requests | p50, ms | p99, ms |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${steadyRow('bare Express', steady.bare)}
${steadyRow('router, 1 000 nodes', steady.atThousand)}
${steadyRow('router, 10 000 nodes', steady.atTenThousand)}

On Node ${process.versions.node}, the first read of 10 000 nodes from Redis takes ${snapshot.firstMs.toFixed(0)} ms. Each further read takes ${snapshot.refreshMs.toFixed(0)} ms (median).
A read blocks the event loop for at most ${snapshot.blockedMaxMs.toFixed(1)} ms.
`;
}

/** @param {Results} results */
export function chartBars({ cost }) {
  return measuredServers(cost).map(({ node, name, measured, bare }) => ({
    name: `Node ${node.major}: ${name}`,
    value: costOf(measured).median,
    isOurs: measured !== bare,
  }));
}

/** @param {Loaded[number] | undefined} loaded @param {Loaded[number] | undefined} router */
function naiveRow(loaded, router) {
  const { target, rounds } = loaded ?? { target: { name: '' }, rounds: [] };
  return `${figureCells(target.name, rounds)} ${loaded === router ? '' : ratioOf(router?.rounds ?? [], rounds).toFixed(1)} |`;
}

/** @param {string} name @param {Loaded[number]['rounds']} rounds */
function figureCells(name, rounds) {
  const cells = [
    medianOf(rounds, 'perSecond').toFixed(0),
    medianOf(rounds, 'p50Ms').toFixed(1),
    medianOf(rounds, 'p99Ms').toFixed(1),
    medianOf(rounds, 'cpuUs').toFixed(0),
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

/** @param {Loaded[number]['rounds']} rounds @param {keyof Loaded[number]['rounds'][number]} figure */
function medianOf(rounds, figure) {
  return median(rounds.map((round) => round[figure]));
}

/** @param {string} name @param {SteadyFigures} figures */
function steadyRow(name, { residentMib, loop, failures, p50Ms, p99Ms }) {
  const times = [loop.blocked, loop.worked].flatMap(({ maxMs, p99Ms: p99 }) => [maxMs, p99]).map((ms) => ms.toFixed(1));
  return `| ${name} | ${residentMib.toFixed(0)} | ${times.join(' | ')} | ${failures} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} |`;
}

function machine() {
  return `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`;
}

/** @param {import('./answer-cost.mjs').AnswerCost} cost */
function versions({ fleets }) {
  const nodes = new Set(fleets.flatMap((fleet) => fleet.versions.map(({ node }) => `Node ${node.version}`)));
  const redis = /v=([\d.]+)/.exec(String(execFileSync('redis-server', ['--version'])))?.[1];
  return [...nodes, `Redis ${redis ?? 'unknown'}`].join(', ');
}
