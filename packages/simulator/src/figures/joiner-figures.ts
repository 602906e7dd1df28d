import type { SimulatedNode } from '../engine/world.ts';
import { windowSeconds } from './issue-window.ts';
import { useToMean } from './region-sample.ts';
import { shareOfFair } from './share-of-fair.ts';
import type { SpecialFigure } from './special-figure.ts';

/** The load of a node that joins without calls, and its part of the new calls. Shows whether the node gets too many calls. */
export function createJoinerFigures(joiner: SimulatedNode, joinsAtSecond: number): SpecialFigure {
  let peakToMean = 0;
  let largestShareOfFair = 0;
  return {
    sampled: (samples, atSecond) => {
      if (atSecond >= joinsAtSecond) peakToMean = Math.max(peakToMean, useToMean(joiner, samples));
    },
    windowClosed: (window, atSecond) => {
      if (atSecond - windowSeconds >= joinsAtSecond) {
        largestShareOfFair = Math.max(largestShareOfFair, shareOfFair(joiner, window));
      }
    },
    figures: () => ({ 'joiner.peakToMean': peakToMean, 'joiner.largestShareOfFair': largestShareOfFair }),
  };
}
