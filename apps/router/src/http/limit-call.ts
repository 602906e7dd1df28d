import type { Response } from 'express';
import type { LimitCalls } from '../limits/limit-calls.ts';
import type { LimitState } from '../limits/limit-state.ts';
import type { LimitSubject } from '../limits/limit-subject.ts';
import { rateLimitFields } from '../limits/rate-limit-fields.ts';
import { ProblemError } from '../problem-error.ts';
import { addToField } from './answer.ts';

/**
 * Counts a call against the limits on its subject, and says in the answer's head how they stand.
 *
 * @throws ProblemError `rate_limited` when it is one too many
 */
export function limitCall(res: Response, limitCalls: LimitCalls, subject: LimitSubject): void {
  const states = limitCalls(subject);
  if (states.length === 0) return;
  const { policy, limit } = rateLimitFields(states);
  addToField(res, 'RateLimit-Policy', policy);
  addToField(res, 'RateLimit', limit);
  const refused = states.at(-1);
  if (refused?.isRefused !== true) return;
  throw new ProblemError('rate_limited', detailOf(refused), { retryAfterSeconds: refused.resetSeconds });
}

function detailOf({ kind, perMinute }: LimitState): string {
  const [who, which] = kind === 'anonymous' ? ['address', ' without a token'] : [kind, ''];
  return `Too many requests by this ${who}: expected at most ${perMinute} a minute${which}, over all routers together`;
}
