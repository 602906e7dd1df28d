import type { Load } from '../measure/load-meter.ts';
import type { LoadUnit } from './load-source.ts';

const bandwidthMbps: Readonly<Record<Exclude<LoadUnit, 'cpuPercent'>, (figure: number) => number>> = {
  bytesPerSecond: (figure) => (figure * 8) / 1e6,
  bitsPerSecond: (figure) => figure / 1e6,
  megabitsPerSecond: (figure) => figure,
};

/** What a sidecar would measure, and what is not known from elsewhere. */
const unknown: Pick<Load, 'allocations' | 'details'> = {
  allocations: { live: undefined, started: undefined, capacity: undefined },
  details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
};

/** What a node reports for a figure of this unit; of CPU and bandwidth the other one is 0. */
export function loadFromFigure(figure: number, unit: LoadUnit): Load {
  return unit === 'cpuPercent'
    ? { ...unknown, cpuPercent: Math.min(100, figure), bandwidthMbps: 0 }
    : { ...unknown, cpuPercent: 0, bandwidthMbps: bandwidthMbps[unit](figure) };
}
