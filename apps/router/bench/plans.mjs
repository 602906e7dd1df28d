// How long and how often each measurement runs.

/**
 * @typedef {object} Plan
 * @property {import('./answer-cost.mjs').CostPlan} cost
 * @property {number} rounds for the designs that ask Redis
 * @property {number} seconds duration of the load on each of them in a round
 * @property {number} warmUpSeconds steady load before the measurement
 * @property {number} steadySeconds
 * @property {number} refreshes number of readings of the snapshot
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

/** A short plan; its figures are not reliable. @type {Plan} */
export const shortPlan = {
  cost: { sittings: 1, warmUpAnswers: 3_000, restSeconds: 1, rounds: 2, seconds: 1, atRestSeconds: 5 },
  rounds: 1,
  seconds: 1,
  warmUpSeconds: 3,
  steadySeconds: 3,
  refreshes: 3,
};
