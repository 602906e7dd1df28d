// The limits of the cost of an answer. If a figure could not be measured, its limit counts as missed.
import { costRatioOf } from './paired.mjs';

/**
 * @typedef {import('./answer-cost.mjs').AnswerCost} AnswerCost
 * @typedef {import('./figures.mjs').Spread} Spread
 * @typedef {object} Gate
 * @property {string} name
 * @property {string} limit
 * @property {Spread | undefined} figure
 * @property {number} digits
 * @property {boolean} isMet
 * @property {boolean} isJudged whether a missed limit fails the run
 */

/** @param {AnswerCost} cost @returns {Gate[]} */
export function costGates({ first, fleets, workers, atRestMib }) {
  const onVersion = (/** @type {number} */ major, /** @type {number} */ nodes) =>
    fleets.find((fleet) => fleet.nodes === nodes)?.versions.find(({ node }) => node.major === major);
  const [on24, on20] = [onVersion(24, 12), onVersion(20, 12)];
  const versions = on24 === undefined || on20 === undefined ? undefined : costRatioOf(on24.router, on20.router);
  return [
    atMost('processor time of an answer: router ÷ bare Express, Node 24, 12 nodes', 1.6, timesBare(on24)),
    atMost(
      'processor time of an answer: router ÷ bare Express, Node 24, 10 000 nodes',
      1.7,
      timesBare(onVersion(24, 10_000)),
    ),
    atMost('processor time of an answer: router ÷ bare Express, Node 20, 12 nodes', 1, timesBare(on20)),
    // A goal only: optimizations for Node 20, where the router once took twice as long, make both versions faster, so the ratio does not fall.
    {
      ...atMost(
        'processor time of an answer: router on Node 24 ÷ router on Node 20, 12 nodes (a goal, not a requirement)',
        0.7,
        versions,
      ),
      isJudged: false,
    },
    atLeast(
      'answers per second of processor time: two workers ÷ one worker',
      0.9,
      costRatioOf(workers.one, workers.two),
    ),
    atMost(
      'resident memory of a router at rest, Node 24, 1 000 nodes, without GeoIP data, MiB',
      130,
      first.major === 24 ? { low: atRestMib, median: atRestMib, high: atRestMib } : undefined,
      0,
    ),
  ];
}

/** @param {string} name @param {number} limit @param {Spread | undefined} figure @param {number} [digits] */
function atMost(name, limit, figure, digits = 2) {
  return {
    name,
    limit: `≤ ${limit.toFixed(digits)}`,
    figure,
    digits,
    isMet: (figure?.median ?? Infinity) <= limit,
    isJudged: true,
  };
}

/** @param {string} name @param {number} limit @param {Spread | undefined} figure */
function atLeast(name, limit, figure) {
  return {
    name,
    limit: `≥ ${limit.toFixed(2)}`,
    figure,
    digits: 2,
    isMet: (figure?.median ?? 0) >= limit,
    isJudged: true,
  };
}

/** @param {import('./answer-cost.mjs').OnVersion | undefined} measured */
function timesBare(measured) {
  return measured === undefined ? undefined : costRatioOf(measured.router, measured.bare);
}
