import type { SimulationResult } from '@turn-router/simulator';
import { durationText } from './number-text.ts';

/** Returns the measured time of a scenario and its seeds. */
export function measuredText({ durationSeconds, measuredFromSecond, seeds }: SimulationResult['scenario']): string {
  const measured = durationText(durationSeconds - measuredFromSecond);
  return `${measured} measured, after ${durationText(measuredFromSecond)} for the loads to settle; seeds ${seeds.join(', ')}`;
}
