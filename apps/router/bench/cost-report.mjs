// Tables of the cost of a request.
import { costGates } from './cost-gates.mjs';
import { median } from './figures.mjs';
import { costOf, costRatioOf } from './paired.mjs';

/** @typedef {import('./answer-cost.mjs').AnswerCost} AnswerCost */

/**
 * @param {AnswerCost} cost
 * @param {import('./answer-cost.mjs').CostPlan} plan
 */
export function costReportOf(cost, { warmUpAnswers, sittings, rounds, seconds }) {
  return `How it is measured:

- The server is pinned to one core. The load program, Redis and the reporters share another core.
- Each server answers ${warmUpAnswers / 1000} 000 requests to warm up.
- Then the load program loads the compared servers one after the other, each over 32 connections for ${seconds} s. This is one round. Every second round runs in
  reverse order. There are ${sittings * rounds} rounds. The programs are restarted after every ${rounds} rounds.
- The requests have 8 192 client addresses from all over the world.
- The bare Express app uses \`helmet\`, \`express.json\` and one HMAC-SHA1. Its answer has the same form as the router's answer.

How to read the table:

- Figures are medians. Quartiles are in parentheses. A ratio is the median of the ratios of all rounds.
- "Processor" is the user time and system time that Linux counted for the process, with its threads and child processes.
- "Of its core" is the part of the core's time that the server got under load. If this figure is low, other programs used the core. Then answers/s and
  latencies are not reliable.
- "At rest" is the part of the core's time that the server uses without requests.
- The processor time of an answer includes a part of this work at rest. It is calculated as if no other program used the core.

| Node | server | processor, µs an answer | × bare Express | of its core, % | at rest, % | answers/s | p50, ms | p99, ms |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${measuredServers(cost).map(rowOf).join('\n')}
${cost.missing.map(({ major, missing }) => `\nNode ${major} was left out: ${missing}\n`).join('')}
The next table compares one worker with two workers. Here the workers and the load program may use every core:

| Node | workers | processor, µs an answer | answers per second of processor time | answers/s |
| --- | ---: | ---: | ---: | ---: |
${workerRow(cost, 'one')}
${workerRow(cost, 'two')}

${gateTable(cost)}`;
}

/** @param {AnswerCost} cost */
function gateTable(cost) {
  const rows = costGates(cost).map(
    ({ name, limit, figure, digits, isMet }) =>
      `| ${name} | ${limit} | ${figure === undefined ? 'not measured' : spreadText(figure, digits)} | ${isMet ? 'met' : '**missed**'} |`,
  );
  return `| requirement | limit | measured | |\n| --- | ---: | ---: | --- |\n${rows.join('\n')}\n`;
}

/** @param {import('./figures.mjs').Spread} spread @param {number} digits */
export function spreadText({ low, median: middle, high }, digits) {
  if (low === high) return middle.toFixed(digits);
  return `${middle.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** Lists the servers by version; the bare app once, as measured beside the smallest fleet. @param {AnswerCost} cost */
export function measuredServers({ fleets }) {
  const majors = new Set(fleets.flatMap(({ versions }) => versions.map(({ node }) => node.major)));
  return [...majors].flatMap((major) => {
    const onMajor = fleets.flatMap(({ nodes, versions }) =>
      versions.filter(({ node }) => node.major === major).map((version) => ({ nodes, ...version })),
    );
    const routers = onMajor.map(({ nodes, node, bare, router }) => ({
      node,
      name: `router, ${nodes} nodes`,
      measured: router,
      bare,
    }));
    return [
      ...onMajor.slice(0, 1).map(({ node, bare }) => ({ node, name: 'bare Express', measured: bare, bare })),
      ...routers,
    ];
  });
}

/** @param {ReturnType<typeof measuredServers>[number]} server */
function rowOf({ node, name, measured, bare }) {
  const medianOf = (/** @type {'perSecond' | 'p50Ms' | 'p99Ms'} */ figure) =>
    median(measured.rounds.map((round) => round[figure]));
  const coreShares = measured.rounds.map(({ cpuUs, answers, wallUs }) => (cpuUs * answers) / wallUs);
  const cells = [
    spreadText(costOf(measured), 0),
    measured === bare ? '1' : spreadText(costRatioOf(measured, bare), 2),
    (100 * median(coreShares)).toFixed(0),
    (100 * measured.restShare).toFixed(1),
    medianOf('perSecond').toFixed(0),
    medianOf('p50Ms').toFixed(1),
    medianOf('p99Ms').toFixed(1),
  ];
  return `| ${node.version} | ${name} | ${cells.join(' | ')} |`;
}

/** @param {AnswerCost} cost @param {'one' | 'two'} count */
function workerRow({ first, workers }, count) {
  const cost = costOf(workers[count]);
  const perSecond = median(workers[count].rounds.map((round) => round.perSecond));
  return `| ${first.version} | ${count} | ${spreadText(cost, 0)} | ${(1e6 / cost.median).toFixed(0)} | ${perSecond.toFixed(0)} |`;
}
