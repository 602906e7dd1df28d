import { loadOf } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

export type LostRegion = {
  /** Its spillover targets, in order. */
  readonly targets: readonly string[];
  readonly fromSecond: number;
  readonly untilSecond: number;
  /** Load at which a region takes no more calls of other regions. */
  readonly startLoad: number;
};

/** A target counts as having room when its load is this far below its start. */
const roomMargin = 0.05;

/** The highest load of a lost region's targets: at any time, and while another target had room. */
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
