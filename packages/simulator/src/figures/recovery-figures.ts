import { windowSeconds } from './issue-window.ts';
import { loadOf } from './region-sample.ts';
import type { SpecialFigure } from './special-figure.ts';

export type Recovery = {
  readonly region: string;
  readonly fromSecond: number;
  /** Load at which the region settles: its own demand. */
  readonly settlesAt: number;
};

/** Up to this part of its calls spilling a region counts as back. */
const backShare = 0.02;

/** How long a region's calls go on spilling after its demand fell, and how far its load falls below what it settles at. */
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
