import { deviation, max, mean, pairs } from 'd3-array';
import type { SimulatedWorld } from '../engine/world.ts';
import type { SpillEdgeName } from '../scenario/spill-edges.ts';
import type { RunFigures, RunSeries } from '../simulation-result.ts';
import { createCurve } from './curve.ts';
import { windowSeconds, type IssueWindow } from './issue-window.ts';
import type { RunClock } from './run-clock.ts';
import { worstShareOfFair } from './share-of-fair.ts';

/** How issued credentials are divided among the nodes of a region, and between regions. */
export interface IssueFigures {
  readonly windowClosed: (window: IssueWindow, atSecond: number) => void;
  readonly figures: () => Pick<RunFigures, 'worstShareIn5s' | 'spillShare'>;
  readonly series: () => Pick<RunSeries, 'spillShare'>;
}

export function createIssueFigures(
  { regions }: SimulatedWorld,
  edges: readonly SpillEdgeName[],
  { durationSeconds, measuredFromSecond, points }: RunClock,
): IssueFigures {
  const edgeFigures = edges.map((edge) => ({
    ...edge,
    shares: new Array<number>(),
    curve: createCurve(durationSeconds, points),
  }));
  let worstShareIn5s = 0;

  return {
    windowClosed: (window, atSecond) => {
      const isMeasured = atSecond - windowSeconds >= measuredFromSecond;
      if (isMeasured) {
        for (const { nodes } of regions.values()) {
          worstShareIn5s = Math.max(worstShareIn5s, worstShareOfFair(nodes, window));
        }
      }
      for (const { from, to, shares, curve } of edgeFigures) {
        const issued = window.fromRegion(from);
        const spilled = window.between(from, to);
        curve.add(atSecond - windowSeconds / 2, spilled, issued);
        if (isMeasured && issued > 0) shares.push(spilled / issued);
      }
    },
    figures: () => ({
      worstShareIn5s,
      spillShare: Object.fromEntries(edgeFigures.map(({ name, shares }) => [name, spillFigures(shares)])),
    }),
    series: () => ({ spillShare: Object.fromEntries(edgeFigures.map(({ name, curve }) => [name, curve.values()])) }),
  };
}

/** @param shares spill shares from one region to another, one for each window */
export function spillFigures(shares: readonly number[]): RunFigures['spillShare'][string] {
  return {
    mean: mean(shares) ?? 0,
    standardDeviation: deviation(shares) ?? 0,
    max: max(shares) ?? 0,
    largestStep: max(pairs(shares), ([before, after]) => Math.abs(after - before)) ?? 0,
  };
}
