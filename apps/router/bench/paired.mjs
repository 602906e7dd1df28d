// What an answer costs several servers, measured side by side: in short rounds that take turns, so that all meet the same moods of the machine.
import { setTimeout as delay } from 'node:timers/promises';
import { spreadOf } from './figures.mjs';
import { load } from './load.mjs';
import { processorUs } from './processor-time.mjs';

/**
 * @typedef {import('./load.mjs').Target} Target
 * @typedef {import('./load.mjs').Figures & {costUs: number}} Round `costUs`: processor time of an answer on a core of its own, µs
 * @typedef {object} Measured
 * @property {Target} target
 * @property {number} restShare what it takes while nobody asks, as a share of a core
 * @property {readonly Round[]} rounds
 *
 * @typedef {object} Plan
 * @property {number} warmUpAnswers of each target, before it counts; a quarter of them again after the rest
 * @property {number} restSeconds how long it is watched while nobody asks; 0: what it takes then is not evened out
 * @property {number} rounds
 * @property {number} seconds how long one target is loaded in a round
 */

/**
 * Warms the targets up and loads each once a round, every other round in reverse order.
 *
 * @param {readonly Target[]} targets
 * @param {Plan} plan
 * @returns {Promise<Measured[]>} in the order of the targets
 */
export async function measurePaired(targets, { warmUpAnswers, restSeconds, rounds, seconds }) {
  await warmUp(targets, { answers: warmUpAnswers, seconds });
  const measured = await Promise.all(
    targets.map(async (target) => ({
      target,
      restShare: await restShareOf(target, restSeconds),
      rounds: /** @type {Round[]} */ ([]),
    })),
  );
  await warmUp(targets, { answers: warmUpAnswers / 4, seconds });
  for (let round = 0; round < rounds; round += 1) {
    for (const each of round % 2 === 0 ? measured : measured.toReversed()) {
      const figures = await load(each.target, seconds);
      each.rounds.push({ ...figures, costUs: costUsOf(figures, each.restShare) });
    }
    const costs = measured.map(({ target, rounds: done }) => `${target.name} ${done.at(-1)?.costUs.toFixed(0)}`);
    process.stderr.write(`round ${round + 1} of ${rounds}, processor µs an answer: ${costs.join(', ')}\n`);
  }
  return measured;
}

/**
 * In turn as well, and once more after a rest: V8 forgets the compiled code of what has not run for a while.
 *
 * @param {readonly Target[]} targets
 * @param {{answers: number, seconds: number}} options `answers`: of each
 */
async function warmUp(targets, { answers, seconds }) {
  const missing = new Map(targets.map((target) => [target, answers]));
  while (missing.size > 0) {
    for (const [target, count] of missing) {
      const left = count - (await load(target, seconds)).answers;
      if (left > 0) missing.set(target, left);
      else missing.delete(target);
    }
  }
}

/** @param {Target} target @param {number} seconds */
async function restShareOf({ pid }, seconds) {
  if (seconds === 0) return 0;
  const startedAtMs = performance.now();
  const beforeUs = await processorUs(pid);
  await delay(seconds * 1000);
  return ((await processorUs(pid)) - beforeUs) / 1000 / (performance.now() - startedAtMs);
}

/**
 * The registry is read at a constant rate whatever is asked, so a server that gets less of its core, because others work there too, spreads
 * that over fewer answers. With w the time of the round, p the processor time in it, n the answers and s the share at rest, an answer itself
 * takes a = (p - s w) / n, and on a core that has nothing else to do a / (1 - s). Where p = w this is p / n, whatever s is. A server that gets
 * less than half of its core does not read the registry as often either: w counts as 2 p at most.
 *
 * @param {{answers: number, cpuUs: number, wallUs: number}} figures
 * @param {number} restShare
 */
function costUsOf({ answers, cpuUs, wallUs }, restShare) {
  const wallUsPerAnswer = Math.min(wallUs / answers, 2 * cpuUs);
  return (cpuUs - restShare * wallUsPerAnswer) / (1 - restShare);
}

/** Processor µs an answer: median and quartiles of the rounds. @param {Measured} measured */
export function costOf({ rounds }) {
  return spreadOf(rounds.map(({ costUs }) => costUs));
}

/**
 * How many times the processor time of the other an answer takes: median and quartiles of the rounds' own ratios, since the two of a round
 * are neighbours in time.
 *
 * @param {Measured} measured
 * @param {Measured} other
 */
export function costRatioOf({ rounds }, { rounds: others }) {
  return spreadOf(rounds.map(({ costUs }, index) => costUs / (others[index]?.costUs ?? Number.NaN)));
}
