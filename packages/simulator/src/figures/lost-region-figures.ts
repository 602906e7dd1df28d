import { loadOf } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

export type LostRegion = {
  /** Where its callers may go, in order. */
  readonly targets: readonly string[];
  readonly fromSecond: number;
  readonly untilSecond: number;
  /** Load at which a region takes no more of others' calls. */
  readonly startLoad: number;
};

/** A target that is this much below its start could have taken more. */
const room = 0.05;

/** Where the calls of a lost region go: whether one of its targets drowns while another could have helped. */
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
      if (others.some((load) => load < startLoad - room)) {
        highestTargetWhileRoom = Math.max(highestTargetWhileRoom, highest);
      }
    },
    figures: () => ({
      'lost.highestTargetLoad': highestTargetLoad,
      'lost.highestTargetWhileRoom': highestTargetWhileRoom,
    }),
  };
}
