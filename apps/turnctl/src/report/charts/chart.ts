import type { LineStyle } from './line-style.ts';

/** A chart of curves over time, independent of how it is drawn. */
export type Chart = {
  /** The name in file names and anchors: `peak-to-ideal`. */
  readonly name: string;
  readonly title: string;
  /** Explains how to read the chart. */
  readonly explanation: string;
  readonly scale: ChartScale;
  readonly atSeconds: readonly number[];
  readonly measuredFromSecond: number;
  /** Panels are drawn side by side on the same scale. */
  readonly panels: readonly ChartPanel[];
};

/** The unit and the scale of the vertical axis. */
export type ChartScale =
  /** A ratio from 1 upwards, on a linear scale. */
  | { readonly kind: 'ratio' }
  /** A ratio on a logarithmic scale of its distance above 1: 1.01, 1.1 and 2 are equally far apart. */
  | { readonly kind: 'distance-above-1' }
  /** Shares of 1. */
  | { readonly kind: 'percent' }
  | { readonly kind: 'kilometres' };

export type ChartPanel = {
  /** Empty if there is only one panel. */
  readonly title: string;
  readonly lines: readonly ChartLine[];
};

export type ChartLine = {
  readonly name: string;
  readonly style: LineStyle;
  /** One value for each of `atSeconds`. A value that is not finite leaves a gap. */
  readonly values: readonly number[];
};
