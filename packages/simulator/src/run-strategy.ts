import { arrivalRates } from './engine/arrival-rates.ts';
import { createArrivals } from './engine/arrivals.ts';
import { createCallDraws } from './engine/call-draws.ts';
import { createCallers, type SimulatedCallers } from './engine/callers.ts';
import { createTicker } from './engine/ticker.ts';
import { beginInitialCalls } from './engine/initial-calls.ts';
import { createRandomStreams } from './engine/random-streams.ts';
import { createReporters } from './engine/reporters.ts';
import { createRouters } from './engine/routers.ts';
import { runUntil } from './engine/run-until.ts';
import { createRunningCalls } from './engine/running-calls.ts';
import { createScript } from './engine/script.ts';
import { scriptedActs } from './engine/scripted-acts.ts';
import { createSimulatedRegistry } from './engine/simulated-registry.ts';
import { createNodeFinder, createWorld } from './engine/world.ts';
import { windowSeconds } from './figures/issue-window.ts';
import { createRunRecorder } from './figures/run-recorder.ts';
import type { Scenario } from './scenario/scenario.ts';
import type { RunFigures, RunSeries, StrategyName } from './simulation-result.ts';
import { createStrategy } from './strategies/strategies.ts';

export type Run = {
  readonly strategy: StrategyName;
  readonly seed: number;
  readonly durationSeconds: number;
  /** Called a hundred times in a run. */
  readonly onProgress: (doneSeconds: number) => void;
};

/** Runs one strategy in one world with one seed. */
export function runStrategy(
  scenario: Scenario,
  { strategy, seed, durationSeconds, onProgress }: Run,
): { readonly figures: RunFigures; readonly series: RunSeries } {
  const streams = createRandomStreams(seed);
  const world = createWorld(scenario);
  const callers = createCallers(scenario);
  const draws = createCallDraws(scenario.calls, streams);
  const running = createRunningCalls(world.nodes);
  beginInitialCalls(world, callers, scenario.calls, { running, draws, random: streams.lengths });

  const registry = createSimulatedRegistry(scenario.reports.lagSeconds);
  const reporters = createReporters(world.nodes, scenario.reports, registry, streams.reports);
  const nodeOf = createNodeFinder(world);
  const create = () => createStrategy(strategy, { policy: scenario.policy, nodeOf });
  const routers = createRouters(scenario.routers, registry, create, streams.polls);
  const recorder = createRunRecorder(scenario, world, durationSeconds);

  const arrive = (from: SimulatedCallers, atSecond: number) => {
    const becomesCall = streams.yields() < scenario.calls.yield;
    // The random numbers are also used up for refused requests. So later calls have the same length for every strategy.
    const endSecond = becomesCall ? atSecond + draws.lengthSeconds() : atSecond;
    const bandwidthMbps = becomesCall ? draws.bandwidthMbps() : 0;
    const node = routers.pick(streams.routers())?.issue(from.placed, atSecond * 1000, streams.choices);
    if (node === undefined) {
      recorder.refused(atSecond);
      return;
    }
    const begins = becomesCall && node.isUp;
    if (begins) running.begin(node, bandwidthMbps, endSecond);
    recorder.issued(from, node, begins ? 'began' : becomesCall ? 'unreachable' : 'no-call', atSecond);
  };

  runUntil(durationSeconds, [
    createScript(scriptedActs(scenario, { world, reporters, routers })),
    running,
    reporters,
    routers,
    createArrivals(callers, arrivalRates(scenario, durationSeconds), streams.arrivals, arrive),
    createTicker(scenario.sampleSeconds, recorder.sample),
    createTicker(windowSeconds, recorder.closeWindow),
    createTicker(durationSeconds / 100, onProgress),
  ]);
  return { figures: recorder.figures(), series: recorder.series() };
}
