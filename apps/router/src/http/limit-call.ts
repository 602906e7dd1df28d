import type { IceServersRequest } from '@turn-router/contract';
import type { RequestHandler, Response } from 'express';
import type { LimitCalls } from '../limits/limit-calls.ts';
import { subjectOfCaller, subjectOfRequest } from '../limits/subject-of-caller.ts';
import type { LimitState } from '../limits/limit-state.ts';
import type { LimitSubject } from '../limits/limit-subject.ts';
import { rateLimitFields } from '../limits/rate-limit-fields.ts';
import { ProblemError } from '../problem-error.ts';
import { callerOf, localsOf } from './locals.ts';

/**
 * Counts a call against the limits on its subject, and says in the answer's head how they stand.
 *
 * @throws ProblemError `rate_limited` when it is one too many
 */
export function limitCall(res: Response, limitCalls: LimitCalls, subject: LimitSubject): void {
  const states = limitCalls(subject);
  if (states.length === 0) return;
  const { policy, limit } = rateLimitFields(states);
  addToList(res, 'RateLimit-Policy', policy);
  addToList(res, 'RateLimit', limit);
  const refused = states.at(-1);
  if (refused?.isRefused !== true) return;
  throw new ProblemError('rate_limited', detailOf(refused), { retryAfterSeconds: refused.resetSeconds });
}

function detailOf({ kind, perMinute }: LimitState): string {
  const [who, which] = kind === 'anonymous' ? ['address', ' without a token'] : [kind, ''];
  return `Too many requests by this ${who}: expected at most ${perMinute} a minute${which}, over all routers together`;
}

/** Limits who is asking, as far as that is known before the body is read. Stands behind `requireCaller`. */
export function limitCaller(limitCalls: LimitCalls): RequestHandler {
  return (_req, res, next) => {
    limitCall(res, limitCalls, subjectOfCaller(callerOf(res), localsOf(res).clientAddress));
    next();
  };
}

/** Limits the user that an application names in a body; other callers have been limited before. */
export function limitUser(res: Response, limitCalls: LimitCalls, request: Pick<IceServersRequest, 'userId'>): void {
  const subject = subjectOfRequest(callerOf(res), request, localsOf(res).clientAddress);
  if (subject !== undefined) limitCall(res, limitCalls, subject);
}

function addToList(res: Response, field: string, value: string): void {
  const before = res.getHeader(field);
  res.setHeader(field, typeof before === 'string' ? `${before}, ${value}` : value);
}
