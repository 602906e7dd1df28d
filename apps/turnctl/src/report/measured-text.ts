import type { SimulationResult } from '@turn-router/simulator';
import { durationText } from './number-text.ts';

/** Which part of a scenario's time the figures are of, and its seeds. */
export function measuredText({ durationSeconds, measuredFromSecond, seeds }: SimulationResult['scenario']): string {
  const measured = durationText(durationSeconds - measuredFromSecond);
  return `${measured} measured after ${durationText(measuredFromSecond)} to come to a balance; seeds ${seeds.join(', ')}`;
}
