import { windowSeconds } from './issue-window.ts';
import { loadOf } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

export type Recovery = {
  readonly region: string;
  readonly fromSecond: number;
  /** The final load of the region. It equals the demand. */
  readonly settlesAt: number;
};

/** A region has recovered if at most this part of its calls spills. */
const backShare = 0.02;

/** How long calls of a region spill after its demand fell, and how far its load falls below its final load. */
export function createRecoveryFigures({ region, fromSecond, settlesAt }: Recovery): SpecialFigure {
  let lastSpillSecond = fromSecond;
  let overshoot = 0;
  return {
    sampled: (samples, atSecond) => {
      const sample = samples.find((other) => other.region.name === region);
      if (sample !== undefined && atSecond >= fromSecond) overshoot = Math.max(overshoot, settlesAt - loadOf(sample));
    },
    windowClosed: (window, atSecond) => {
      if (atSecond - windowSeconds < fromSecond) return;
      const issued = window.fromRegion(region);
      if (issued - window.between(region, region) > backShare * issued) lastSpillSecond = atSecond;
    },
    figures: () => ({ 'recovery.seconds': lastSpillSecond - fromSecond, 'recovery.overshoot': overshoot }),
  };
}
