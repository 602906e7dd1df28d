import { loadOf } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

export type LostRegion = {
  /** The spillover targets of the region, in the policy's order. */
  readonly targets: readonly string[];
  readonly fromSecond: number;
  readonly untilSecond: number;
  /** Load from which on a region accepts no calls of other regions: its spillover threshold. */
  readonly startLoad: number;
};

/** A target has free capacity if its load is below the spillover threshold by at least this amount. */
const roomMargin = 0.05;

/** The highest load of the targets of a region whose nodes have all crashed: at any time, and while another target had free capacity. */
export function createLostRegionFigures({ targets, fromSecond, untilSecond, startLoad }: LostRegion): SpecialFigure {
  let highestTargetLoad = 0;
  let highestTargetWhileRoom = 0;
  return {
    sampled: (samples, atSecond) => {
      if (atSecond < fromSecond || atSecond >= untilSecond) return;
      const loads = samples.filter(({ region }) => targets.includes(region.name)).map(loadOf);
      const highest = Math.max(...loads);
      highestTargetLoad = Math.max(highestTargetLoad, highest);
      const others = loads.toSpliced(loads.indexOf(highest), 1);
      if (others.some((load) => load < startLoad - roomMargin)) {
        highestTargetWhileRoom = Math.max(highestTargetWhileRoom, highest);
      }
    },
    figures: () => ({
      'lost.highestTargetLoad': highestTargetLoad,
      'lost.highestTargetWhileRoom': highestTargetWhileRoom,
    }),
  };
}
