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

- The server is pinned to one core. Load, Redis and reporters share another core.
- Each server answers ${warmUpAnswers / 1000} 000 requests to warm up. Then it is loaded over 32 connections for ${seconds} s at a time, in turn with the servers that it
  is compared with. Every second round runs in reverse order. There are ${sittings * rounds} rounds, and the programs restart after each ${rounds}.
- Callers come from 8 192 addresses all over the world.
- The bare app uses \`helmet\`, \`express.json\` and one HMAC-SHA1, and answers in the same shape.

How to read the table:

- Figures are medians. Parentheses contain quartiles. Ratios compare neighbouring rounds.
- "Processor" is the user and system time that Linux charged to the process, including its threads and children.
- "Of its core" is the share of the core that the server got under load. If it is low, the machine had other work, and answers/s and latencies mean little.
- "At rest" is the share that the server uses without requests. The cost of an answer includes as much of it as on a core with no other work.

| Node | server | processor, µs an answer | × bare Express | of its core, % | at rest, % | answers/s | p50, ms | p99, ms |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${measuredServers(cost).map(rowOf).join('\n')}
${cost.missing.map(({ major, missing }) => `\nNode ${major} was left out: ${missing}\n`).join('')}
One worker and two workers. Workers and load run on every core:

| Node | workers | processor, µs an answer | answers per processor second | answers/s |
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
