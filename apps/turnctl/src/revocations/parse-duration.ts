import { InvalidArgumentError } from 'commander';
import { durationMs } from '../duration-ms.ts';

/** `90s`, `30m`, `12h`, `7d` → ms. */
export function parseDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) {
    throw new InvalidArgumentError('Expected a whole number and a unit, such as 90s, 30m, 12h or 7d.');
  }
  return ms;
}
