// What an answer costs several servers, measured side by side: in short rounds that take turns, so that all meet the same moods of the machine.
import { load } from './load.mjs';
import { spreadOf } from './figures.mjs';

/**
 * @typedef {import('./load.mjs').Target} Target
 * @typedef {import('./load.mjs').Figures} Figures
 * @typedef {{target: Target, rounds: readonly Figures[]}} Measured
 */

/**
 * Warms each target up by a number of answers, then loads each once a round, every other round in reverse order.
 *
 * @param {readonly Target[]} targets
 * @param {{warmUpAnswers: number, rounds: number, seconds: number}} plan `seconds`: how long one target is loaded in a round
 * @returns {Promise<Measured[]>} in the order of the targets
 */
export async function measurePaired(targets, { warmUpAnswers, rounds, seconds }) {
  for (const target of targets) {
    let answers = 0;
    while (answers < warmUpAnswers) answers += (await load(target, seconds)).answers;
  }
  const measured = targets.map((target) => ({ target, rounds: /** @type {Figures[]} */ ([]) }));
  for (let round = 0; round < rounds; round += 1) {
    for (const each of round % 2 === 0 ? measured : measured.toReversed()) {
      each.rounds.push(await load(each.target, seconds));
    }
    const costs = measured.map(({ target, rounds: done }) => `${target.name} ${done.at(-1)?.cpuUs.toFixed(0)}`);
    process.stderr.write(`round ${round + 1} of ${rounds}, processor µs an answer: ${costs.join(', ')}\n`);
  }
  return measured;
}

/** Processor µs an answer: median and quartiles of the rounds. @param {Measured} measured */
export function costOf({ rounds }) {
  return spreadOf(rounds.map(({ cpuUs }) => cpuUs));
}

/**
 * How many times the processor time of the other an answer takes: median and quartiles of the rounds' own ratios, since the two of a round
 * are neighbours in time.
 *
 * @param {Measured} measured
 * @param {Measured} other
 */
export function costRatioOf({ rounds }, { rounds: others }) {
  return spreadOf(rounds.map(({ cpuUs }, index) => cpuUs / (others[index]?.cpuUs ?? Number.NaN)));
}
