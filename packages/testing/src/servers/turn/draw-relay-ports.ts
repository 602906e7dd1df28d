import { randomInt } from 'node:crypto';

const rangeCount = 90;
let next = randomInt(rangeCount);

/**
 * Returns a range of a hundred ports, both ends included. It lies above the relay ports of `startFleet` and below the ephemeral ports of
 * Linux, which start at 32768. Two servers of one process share no port, unless the process starts more than ninety.
 */
export function drawRelayPorts(): { min: number; max: number } {
  next = (next + 1) % rangeCount;
  const min = 23_000 + 100 * next;
  return { min, max: min + 99 };
}
