// Measures the cost of a request on several servers. The servers are loaded in turn, in short rounds, so that all are measured under the same conditions.
import { setTimeout as delay } from 'node:timers/promises';
import { spreadOf } from './figures.mjs';
import { load } from './load.mjs';
import { processorUs } from './processor-time.mjs';

/**
 * @typedef {import('./load.mjs').Target} Target
 * @typedef {import('./load.mjs').Figures & {costUs: number}} Round `costUs`: processor time per request on a dedicated core, µs
 * @typedef {object} Measured
 * @property {Target} target
 * @property {number} restShare processor time without requests, as a share of a core
 * @property {readonly Round[]} rounds
 *
 * @typedef {object} Plan
 * @property {number} warmUpAnswers requests to each target before the measurement; after the measurement at rest, a quarter as many
 * @property {number} restSeconds duration of the measurement without requests; 0: processor time at rest is not adjusted to a dedicated core
 * @property {number} rounds
 * @property {number} seconds duration of the load on one target in a round
 */

/**
 * Warms the targets up and then loads each target once per round. Every second round runs in reverse order.
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
 * Warms the targets up in turn. This is repeated after the measurement at rest, because V8 drops compiled code that has not run for a while.
 *
 * @param {readonly Target[]} targets
 * @param {{answers: number, seconds: number}} options `answers`: requests to each target
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
 * Computes the processor time per request on a dedicated core. The router reads the registry at a constant rate. If other programs use its core too,
 * it answers fewer requests, so each request gets a larger part of that cost. Let w be the time of the round, p the processor time in the round, n the
 * number of requests, and s the part of a core that the server uses at rest. A request itself takes a = (p - s w) / n. On a dedicated core it takes
 * a / (1 - s). If p = w, this is p / n for any s. If a server gets less than half of its core, it also reads the registry less often, so w is at most
 * 2 p.
 *
 * @param {{answers: number, cpuUs: number, wallUs: number}} figures
 * @param {number} restShare
 */
function costUsOf({ answers, cpuUs, wallUs }, restShare) {
  const wallUsPerAnswer = Math.min(wallUs / answers, 2 * cpuUs);
  return (cpuUs - restShare * wallUsPerAnswer) / (1 - restShare);
}

/** Returns the processor time per request, µs: median and quartiles of the rounds. @param {Measured} measured */
export function costOf({ rounds }) {
  return spreadOf(rounds.map(({ costUs }) => costUs));
}

/**
 * Returns the processor time per request of `measured` divided by that of `other`: the median and the quartiles of the ratios of all rounds, because
 * the two figures of one round are close in time.
 *
 * @param {Measured} measured
 * @param {Measured} other
 */
export function costRatioOf({ rounds }, { rounds: others }) {
  return spreadOf(rounds.map(({ costUs }, index) => costUs / (others[index]?.costUs ?? Number.NaN)));
}
