import type { Scenario } from './scenario/scenario.ts';

/** Measured time that a shortened run keeps at least. */
const leastMeasuredSeconds = 60;

/**
 * How long a run is whose measured time is shortened to a part.
 *
 * @param scale 0–1; 1 is the whole
 */
export function scaledDurationSeconds(scenario: Scenario, scale: number): number {
  const { durationSeconds, measuredFromSecond, leastDurationSeconds } = scenario;
  const scaledSeconds = measuredFromSecond + (durationSeconds - measuredFromSecond) * scale;
  return Math.min(durationSeconds, Math.max(scaledSeconds, leastDurationSeconds ?? leastSeconds(scenario)));
}

function leastSeconds({ measuredFromSecond, events }: Scenario): number {
  const ends = events.map((event) => event.atSecond + ('forSeconds' in event ? (event.forSeconds ?? 0) : 0));
  return Math.max(measuredFromSecond + leastMeasuredSeconds, ...ends);
}
