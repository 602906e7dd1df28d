import { randomInt } from 'node:crypto';

const rangeCount = 90;
let next = randomInt(rangeCount);

/**
 * A hundred ports, both ends included, between those of a fleet and those that Linux hands out by itself, from 32768 on. Two servers of one
 * process share none, unless it starts more than ninety.
 */
export function drawRelayPorts(): { min: number; max: number } {
  next = (next + 1) % rangeCount;
  const min = 23_000 + 100 * next;
  return { min, max: min + 99 };
}
