import type { SimulatedNode } from '../engine/world.ts';
import { useToMean } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

/** After this time, the router should have detected the false reports, and the extra calls should have ended. */
const detectedAfterSeconds = 60;

/** The load of a node with false reports ÷ the load of its region. */
export function createLiarFigures(liar: SimulatedNode, liesFromSecond: number, untilSecond: number): SpecialFigure {
  let peakToMean = 0;
  let toMeanAfter60s = 0;
  return {
    sampled: (samples, atSecond) => {
      if (atSecond < liesFromSecond || atSecond >= untilSecond) return;
      const toMean = useToMean(liar, samples);
      peakToMean = Math.max(peakToMean, toMean);
      if (atSecond >= liesFromSecond + detectedAfterSeconds) toMeanAfter60s = Math.max(toMeanAfter60s, toMean);
    },
    figures: () => ({ 'liar.peakToMean': peakToMean, 'liar.toMeanAfter60s': toMeanAfter60s }),
  };
}
