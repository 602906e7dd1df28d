import { randomInt } from 'node:crypto';

/** A hundred ports, both ends included, between those of a fleet and those that Linux hands out by itself, from 32768 on. */
export function drawRelayPorts(): { min: number; max: number } {
  const min = 23_000 + 100 * randomInt(90);
  return { min, max: min + 99 };
}
