import type { ClaimResult } from '@turn-router/simulator';
import { figureText } from './number-text.ts';

/** What is claimed: `at most 1.045`. */
export function limitText({ atLeast, atMost }: ClaimResult): string {
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${figureText(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${figureText(atMost)}`]),
  ];
  return limits.join(', ');
}

/** By how much a claim failed: `5.3 % above`; of a limit of 0 the difference itself. Undefined when it held. */
export function missText({ holds, mean, atLeast, atMost }: ClaimResult): string | undefined {
  if (holds) return undefined;
  if (atMost !== undefined && mean > atMost) return `${distanceText(mean, atMost)} above`;
  if (atLeast !== undefined && mean < atLeast) return `${distanceText(mean, atLeast)} below`;
  // Within the limits on average, or not measured at all: the simulator's verdict has its reason in the seeds.
  return Number.isFinite(mean) ? 'not with every seed' : 'not measured';
}

/** `seeds 1.031–1.042`; undefined when there is a single one. */
export function seedsText({ bySeed }: ClaimResult): string | undefined {
  if (bySeed.length < 2) return undefined;
  return `seeds ${figureText(Math.min(...bySeed))}–${figureText(Math.max(...bySeed))}`;
}

function distanceText(value: number, limit: number): string {
  const distance = Math.abs(value - limit);
  return limit === 0 ? figureText(distance) : `${Number(((distance / Math.abs(limit)) * 100).toPrecision(2))} %`;
}
