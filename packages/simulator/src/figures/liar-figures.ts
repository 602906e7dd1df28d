import type { SimulatedNode } from '../engine/world.ts';
import { useToMean } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

/** By then a lie should have been seen, and what it brought should have ended. */
const seenAfterSeconds = 60;

/** How much more than others a node carries whose reports are not true. */
export function createLiarFigures(liar: SimulatedNode, liesFromSecond: number, untilSecond: number): SpecialFigure {
  let peakToMean = 0;
  let toMeanAfter60s = 0;
  return {
    sampled: (samples, atSecond) => {
      if (atSecond < liesFromSecond || atSecond >= untilSecond) return;
      const toMean = useToMean(liar, samples);
      peakToMean = Math.max(peakToMean, toMean);
      if (atSecond >= liesFromSecond + seenAfterSeconds) toMeanAfter60s = Math.max(toMeanAfter60s, toMean);
    },
    figures: () => ({ 'liar.peakToMean': peakToMean, 'liar.toMeanAfter60s': toMeanAfter60s }),
  };
}
