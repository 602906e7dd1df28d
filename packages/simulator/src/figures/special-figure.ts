import type { IssueWindow } from './issue-window.ts';
import type { RegionSample } from './region-sample.ts';

/** Figures that only some scenarios measure. */
export interface SpecialFigure {
  readonly sampled?: (samples: readonly RegionSample[], atSecond: number) => void;
  /** Counts a call that did not begin because its node had crashed. */
  readonly callNotBegun?: (atSecond: number) => void;
  readonly windowClosed?: (window: IssueWindow, atSecond: number) => void;
  /** By name, such as `joiner.peakToMean`. */
  readonly figures: () => Readonly<Record<string, number>>;
}
