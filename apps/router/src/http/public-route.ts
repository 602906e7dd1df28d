import type { IceServersRequest } from '@turn-router/contract/http';
import type { Request, Response } from 'express';
import { identifyCaller, type Identity } from '../callers/auth/identify-caller.ts';
import type { LimitCalls } from '../callers/limits/limit-calls.ts';
import { subjectOfBody } from '../callers/limits/limit-subject.ts';
import type { IsRevoked } from '../callers/revocation/revocation-gate.ts';
import { ProblemError } from '../problem-error.ts';
import { limitCall } from './limit-call.ts';
import { callerOf, localsOf } from './locals.ts';
import type { Route } from './route.ts';

/**
 * Who may ask.
 *
 * - `caller`: who is authenticated, within its limits and not revoked, as the settings have it. Pages of allowed origins may read the
 *   answers (CORS), for they are callers. Made by `callerRoute`.
 * - `reporter`: who shows the reporters' token, or that of the node which the path names
 * - `open`: anybody
 */
export type Access = 'caller' | 'reporter' | 'open';

/** A route of the public listener. All routes of one path have the same access. */
export type PublicRoute<Parts> = Route<Parts> &
  (
    | { readonly access: Exclude<Access, 'reporter'> }
    | { readonly access: 'reporter'; readonly path: `/${string}/:region/:id` }
  );

/** What callers are held against once their request has been read. */
export type CallerGate = { readonly limitCalls: LimitCalls; readonly isRevoked: IsRevoked };

/** What a request itself may say of who the call is by. */
export type NamedCaller = Pick<IceServersRequest, 'userId' | 'callId'>;

/** What a route for callers has beyond all of them. */
export type CallerRoute<Parts, Asked> = Omit<Route<Parts>, 'createHandler'> & {
  /** @throws ProblemError `invalid_request` */
  readonly readRequest: (req: Request) => Asked & NamedCaller;
  /** Called once, at the start; what it makes is called for callers who may have an answer. */
  readonly createAnswer: (parts: Parts) => (res: Response, identity: Identity, asked: Asked) => void;
};

/**
 * Makes the route whose answer is for callers alone. `admitCaller` has authenticated and limited them before the body was read; here follows
 * what the request has to be known for: who the call is by, the limit of a user whom the request names, and whether that one is revoked.
 */
export function callerRoute<Parts, Asked>({
  readRequest,
  createAnswer,
  ...route
}: CallerRoute<Parts, Asked>): PublicRoute<Parts & CallerGate> {
  return {
    ...route,
    access: 'caller',
    createHandler: (parts) => {
      const { limitCalls, isRevoked } = parts;
      const answer = createAnswer(parts);
      return (req, res) => {
        const asked = readRequest(req);
        const identity = identifyCaller(callerOf(res), localsOf(res).clientAddress, asked);
        const subject = subjectOfBody(identity);
        if (subject !== undefined) limitCall(res, limitCalls, subject);
        // Why somebody is revoked stays with those who did it.
        if (isRevoked(identity))
          throw new ProblemError('revoked', 'This caller is revoked: expected nothing to be asked for any more');
        answer(res, identity, asked);
      };
    },
  };
}

const nothing: NamedCaller = {};

/** For routes that ask for nothing but an answer. */
export const readNothing = (): NamedCaller => nothing;
