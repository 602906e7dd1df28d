import { slotMs, windowSlots } from '@turn-router/registry';
import type { Response } from 'express';
import type { LimitCalls } from '../callers/limits/limit-calls.ts';
import type { LimitState } from '../callers/limits/limit-state.ts';
import type { LimitSubject } from '../callers/limits/limit-subject.ts';
import { ProblemError } from '../problem-error.ts';
import { addToField } from './answer.ts';

const windowSeconds = (windowSlots * slotMs) / 1_000;

/**
 * Counts a call against the rate limits of its subject, and sets the RateLimit header fields of the response.
 *
 * @throws ProblemError `rate_limited` if the call exceeds a limit
 */
export function enforceLimits(res: Response, limitCalls: LimitCalls, subject: LimitSubject): void {
  const states = limitCalls(subject);
  if (states.length === 0) return;
  addToField(res, 'RateLimit-Policy', states.map(policyItem).join(', '));
  addToField(res, 'RateLimit', states.map(limitItem).join(', '));
  const refused = states.at(-1);
  if (refused?.isRefused !== true) return;
  throw new ProblemError('rate_limited', detailOf(refused), { retryAfterSeconds: refused.resetSeconds });
}

/** Formats list items of draft-ietf-httpapi-ratelimit-headers-11 §3 and §4 (RFC 9651), named after their limit. */
function policyItem({ kind, perMinute }: LimitState): string {
  return `"${kind}";q=${perMinute};w=${windowSeconds}`;
}

function limitItem({ kind, remaining, resetSeconds }: LimitState): string {
  return `"${kind}";r=${remaining};t=${resetSeconds}`;
}

function detailOf({ kind, perMinute }: LimitState): string {
  const [who, which] = kind === 'anonymous' ? ['address', ' without a token'] : [kind, ''];
  return `Too many requests by this ${who}: expected at most ${perMinute} a minute${which}, at all routers together`;
}
