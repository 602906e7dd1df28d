import type { SimulationProgress, StrategyName } from '@turn-router/simulator';

/** The runs of one scenario, in the order in which they are done: each strategy with each seed. */
export type RunPlan = { readonly strategies: readonly StrategyName[]; readonly seeds: readonly number[] };

/** Which part of all runs is done, 0–1; all runs of a scenario are equally long. */
export function doneShare(
  { strategies, seeds }: RunPlan,
  { strategy, seed, doneSeconds, durationSeconds }: SimulationProgress,
): number {
  const runsDone = strategies.indexOf(strategy) * seeds.length + seeds.indexOf(seed);
  return (runsDone + doneSeconds / durationSeconds) / (strategies.length * seeds.length);
}
