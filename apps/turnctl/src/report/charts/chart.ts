import type { LineStyle } from './line-style.ts';

/** Curves over time, before they are drawn. */
export type Chart = {
  /** In file names and anchors: `peak-to-ideal`. */
  readonly name: string;
  readonly title: string;
  /** How to read it, for people who see such a chart for the first time. */
  readonly explanation: string;
  readonly scale: ChartScale;
  readonly atSeconds: readonly number[];
  readonly measuredFromSecond: number;
  /** Drawn side by side on the same scale. */
  readonly panels: readonly ChartPanel[];
};

/** What the vertical axis shows, and how it is divided. */
export type ChartScale =
  /** From 1 upwards. */
  | { readonly kind: 'ratio' }
  /** A ratio too, divided by how far above 1 it is: 1.01, 1.1 and 2 stand equally far apart. */
  | { readonly kind: 'distance-above-1' }
  /** Parts of 1. */
  | { readonly kind: 'percent' }
  | { readonly kind: 'kilometres' };

export type ChartPanel = {
  /** Empty when there is only one. */
  readonly title: string;
  readonly lines: readonly ChartLine[];
};

export type ChartLine = {
  readonly name: string;
  readonly style: LineStyle;
  /** One for each of `atSeconds`; not finite where there is nothing to show. */
  readonly values: readonly number[];
};
