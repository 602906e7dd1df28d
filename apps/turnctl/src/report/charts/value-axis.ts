import type { Chart } from './chart.ts';

/** The vertical axis for ECharts, and the function that maps a value to its height on it. */
export type ValueAxis = {
  readonly name: string;
  readonly type: 'value' | 'log';
  readonly min: number;
  readonly max: number;
  /** Undefined: ECharts chooses the ticks. */
  readonly ticks?: readonly number[];
  readonly label: (height: number) => string;
  /** `null` leaves a gap. */
  readonly heightOf: (value: number) => number | null;
};

/** Creates an axis that covers all curves of the chart. */
export function valueAxisFor({ scale, panels }: Pick<Chart, 'scale' | 'panels'>): ValueAxis {
  const values = panels
    .flatMap(({ lines }) => lines.flatMap((line) => line.values))
    .filter((value) => Number.isFinite(value));
  const highest = values.reduce((one, other) => Math.max(one, other), 0);
  switch (scale.kind) {
    case 'ratio':
      return { name: 'ratio', type: 'value', min: 1, max: roundedUp(highest, 0.05), label: String, heightOf: finite };
    case 'distance-above-1':
      return distanceAxis(values);
    case 'percent':
      return { name: '%', type: 'value', min: 0, max: roundedUp(highest, 0.1), label: percentLabel, heightOf: finite };
    case 'kilometres':
      return {
        name: 'km',
        type: 'value',
        min: 0,
        max: roundedUp(highest, 50),
        label: kilometreLabel,
        heightOf: finite,
      };
  }
}

/** Distances above 1 that can be ticks of the axis. */
const distances = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

function distanceAxis(ratios: readonly number[]): ValueAxis {
  const above = ratios
    .map((ratio) => ratio - 1)
    .filter((distance) => distance > 0)
    .toSorted((one, other) => one - other);
  // The lowest 5 % of the values are drawn at the bottom of the chart. Otherwise one curve that reaches 1 for a moment would use half of the height.
  const low = above[Math.floor(above.length / 20)] ?? 0.01;
  const min = distances.findLast((distance) => distance <= low) ?? 0.001;
  const max = distances.find((distance) => distance >= (above.at(-1) ?? 1)) ?? 1000;
  return {
    name: 'ratio, finer towards 1',
    type: 'log',
    min,
    max,
    ticks: distances.filter((distance) => distance >= min && distance <= max),
    label: (distance) => String(Number((1 + distance).toFixed(3))),
    heightOf: (ratio) => (Number.isFinite(ratio) ? Math.max(ratio - 1, min) : null),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function roundedUp(value: number, step: number): number {
  return Number((Math.ceil(value / step + 1e-9) * step).toFixed(6));
}

function percentLabel(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function kilometreLabel(km: number): string {
  return km.toLocaleString('en-US');
}
