import type { IssueWindow } from './issue-window.ts';
import type { RegionSample } from './region-sample.ts';

/** Figures of something that only some scenarios have. */
export interface SpecialFigure {
  readonly sampled?: (samples: readonly RegionSample[], atSecond: number) => void;
  /** A call did not begin, because its node had died. */
  readonly callNotBegun?: (atSecond: number) => void;
  readonly windowClosed?: (window: IssueWindow, atSecond: number) => void;
  /** By name, such as `joiner.peakToMean`. */
  readonly figures: () => Readonly<Record<string, number>>;
}
