import type { SimulatedCallers } from '../engine/callers.ts';
import type { SimulatedNode, SimulatedWorld } from '../engine/world.ts';
import { spillEdges } from '../scenario/spill-edges.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunFigures, RunSeries } from '../simulation-result.ts';
import { curvePoints } from './curve.ts';
import { createDistanceFigures } from './distance-figures.ts';
import { createIssueFigures } from './issue-figures.ts';
import { createIssueWindow, windowSeconds } from './issue-window.ts';
import { createLoadFigures } from './load-figures.ts';
import { sampleRegion } from './region-sample.ts';
import { createSpecialFigures } from './special-figures.ts';

/** The outcome of a request. */
export type RequestOutcome = 'no-call' | 'began' | 'unreachable';

/** Records one run and computes its figures. */
export interface RunRecorder {
  readonly refused: (atSecond: number) => void;
  readonly issued: (from: SimulatedCallers, node: SimulatedNode, outcome: RequestOutcome, atSecond: number) => void;
  readonly sample: (atSecond: number) => void;
  readonly closeWindow: (atSecond: number) => void;
  readonly figures: () => RunFigures;
  readonly series: () => RunSeries;
}

export function createRunRecorder(scenario: Scenario, world: SimulatedWorld, durationSeconds: number): RunRecorder {
  const { measuredFromSecond, sampleSeconds, policy } = scenario;
  const points = curvePoints(durationSeconds, Math.max(windowSeconds, sampleSeconds));
  const clock = { durationSeconds, measuredFromSecond, points };
  const loads = createLoadFigures([...world.regions.keys()], clock);
  const issues = createIssueFigures(world, spillEdges(policy), clock);
  const distances = createDistanceFigures(clock);
  const specials = createSpecialFigures(scenario, world);
  const window = createIssueWindow(world);
  let calls = 0;
  let refused = 0;

  return {
    refused: (atSecond) => {
      if (atSecond >= measuredFromSecond) refused += 1;
    },
    issued: (from, node, outcome, atSecond) => {
      window.count(from.placed.homeRegion, node);
      if (outcome === 'began') {
        distances.began(from, node, atSecond);
        if (atSecond >= measuredFromSecond) calls += 1;
      }
      if (outcome === 'unreachable') for (const special of specials) special.callNotBegun?.(atSecond);
    },
    sample: (atSecond) => {
      const samples = Array.from(world.regions.values(), sampleRegion);
      loads.sampled(samples, atSecond);
      for (const special of specials) special.sampled?.(samples, atSecond);
    },
    closeWindow: (atSecond) => {
      issues.windowClosed(window, atSecond);
      for (const special of specials) special.windowClosed?.(window, atSecond);
      window.reset();
    },
    figures: () => ({
      calls,
      refused,
      ...loads.figures(),
      ...issues.figures(),
      addedDistanceKm: distances.figures(),
      special: Object.assign({}, ...specials.map((special) => special.figures())),
    }),
    series: () => ({
      atSeconds: Array.from({ length: points }, (_, index) => ((index + 0.5) * durationSeconds) / points),
      ...loads.series(),
      ...issues.series(),
      addedDistanceKm: distances.series(),
    }),
  };
}
