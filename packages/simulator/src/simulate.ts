import { claimResults } from './claim-results.ts';
import { runStrategy } from './run-strategy.ts';
import type { Scenario } from './scenario/scenario.ts';
import type { SimulationResult, StrategyName, StrategyResult } from './simulation-result.ts';

export type SimulationProgress = {
  readonly strategy: StrategyName;
  readonly seed: number;
  /** Simulated seconds of this run so far. */
  readonly doneSeconds: number;
  readonly durationSeconds: number;
};

export type SimulationOptions = {
  /** Default: the scenario's. */
  readonly strategies?: readonly StrategyName[] | undefined;
  /** Default: the scenario's. */
  readonly seeds?: readonly number[] | undefined;
  /** Factor that shortens the measured time, above 0 and at most 1; default 1. */
  readonly scale?: number | undefined;
  /** Called a hundred times in each run. A run takes from less than a second to several minutes. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
};

/** Runs each strategy with each seed. The same scenario and seeds give the same result. */
export function simulate(
  scenario: Scenario,
  { strategies = scenario.strategies, seeds = scenario.seeds, scale = 1, onProgress }: SimulationOptions = {},
): SimulationResult {
  const { name, title, description, measuredFromSecond, claims } = scenario;
  const durationSeconds = scaledDurationSeconds(scenario, scale);
  const results = strategies.map((strategy): StrategyResult => {
    const runs = seeds.map((seed) => ({
      seed,
      ...runStrategy(scenario, {
        strategy,
        seed,
        durationSeconds,
        onProgress: (doneSeconds) => onProgress?.({ strategy, seed, doneSeconds, durationSeconds }),
      }),
    }));
    const [first] = runs;
    if (first === undefined) throw new RangeError('No seeds: expected at least one');
    return { strategy, runs: runs.map(({ seed, figures }) => ({ seed, figures })), series: first.series };
  });
  const turnRouter = results.find(({ strategy }) => strategy === 'turn-router');
  return {
    scenario: { name, title, description, seeds, durationSeconds, measuredFromSecond },
    strategies: results,
    claims: turnRouter === undefined ? [] : claimResults(claims, turnRouter),
  };
}

/** Minimum measured time of a shortened run. */
const leastMeasuredSeconds = 60;

/**
 * Returns the duration of a run with shortened measured time.
 *
 * @param scale part of the measured time that remains, 0–1
 */
function scaledDurationSeconds(scenario: Scenario, scale: number): number {
  const { durationSeconds, measuredFromSecond, leastDurationSeconds } = scenario;
  const scaledSeconds = measuredFromSecond + (durationSeconds - measuredFromSecond) * scale;
  return Math.min(durationSeconds, Math.max(scaledSeconds, leastDurationSeconds ?? leastSeconds(scenario)));
}

function leastSeconds({ measuredFromSecond, events }: Scenario): number {
  const ends = events.map((event) => event.atSecond + ('forSeconds' in event ? (event.forSeconds ?? 0) : 0));
  return Math.max(measuredFromSecond + leastMeasuredSeconds, ...ends);
}
