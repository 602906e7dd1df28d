// How much is measured.

/**
 * @typedef {object} Plan
 * @property {import('./answer-cost.mjs').CostPlan} cost
 * @property {number} rounds of the designs that ask Redis
 * @property {number} seconds how long each of these is loaded in a round
 * @property {number} warmUpSeconds under the steady load, before it counts
 * @property {number} steadySeconds
 * @property {number} refreshes how often the snapshot is read
 */

/** @type {Plan} */
export const fullPlan = {
  cost: { sittings: 2, warmUpAnswers: 30_000, restSeconds: 10, rounds: 10, seconds: 1, atRestSeconds: 30 },
  rounds: 2,
  seconds: 3,
  warmUpSeconds: 25,
  steadySeconds: 30,
  refreshes: 15,
};

/** Too little to be believed. @type {Plan} */
export const shortPlan = {
  cost: { sittings: 1, warmUpAnswers: 3_000, restSeconds: 1, rounds: 2, seconds: 1, atRestSeconds: 5 },
  rounds: 1,
  seconds: 1,
  warmUpSeconds: 3,
  steadySeconds: 3,
  refreshes: 3,
};
