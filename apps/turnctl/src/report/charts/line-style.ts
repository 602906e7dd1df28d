import type { StrategyName } from '@turn-router/simulator';

/** The style of a line. Lines differ in colour and in pattern, so colour-blind readers can distinguish the lines. */
export type LineStyle = {
  /** Index in the palette. */
  readonly colour: number;
  readonly pattern: 'solid' | 'dashed' | 'dotted';
  readonly width: number;
};

/** The style of each strategy in every chart. */
export const strategyStyles: Readonly<Record<StrategyName, LineStyle>> = {
  'turn-router': { colour: 0, pattern: 'solid', width: 3 },
  'least-load': { colour: 1, pattern: 'solid', width: 1.5 },
  random: { colour: 2, pattern: 'solid', width: 1.5 },
  'weighted-round-robin': { colour: 3, pattern: 'dashed', width: 1.5 },
  'two-choices': { colour: 4, pattern: 'solid', width: 1.5 },
  'perfect-knowledge': { colour: 5, pattern: 'dashed', width: 1.5 },
  cliff: { colour: 6, pattern: 'dashed', width: 1.5 },
  'no-spillover': { colour: 7, pattern: 'dotted', width: 2 },
};

const patterns = ['solid', 'dashed', 'dotted'] as const;

/** Returns the style of the nth line without a fixed style, such as the nth region. The pattern changes after all colours are used. */
export function nthLineStyle(index: number): LineStyle {
  const colours = Object.keys(strategyStyles).length;
  return {
    colour: index % colours,
    pattern: patterns[Math.floor(index / colours) % patterns.length] ?? 'solid',
    width: 2,
  };
}
