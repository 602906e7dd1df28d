import type { IceServersRequest } from '@turn-router/contract/http';
import type { Request, Response } from 'express';
import { identifyCaller, type Identity } from '../callers/auth/identify-caller.ts';
import type { LimitCalls } from '../callers/limits/limit-calls.ts';
import { subjectOfBody } from '../callers/limits/limit-subject.ts';
import type { IsRevoked } from '../callers/revocation/revocation-gate.ts';
import { ProblemError } from '../problem-error.ts';
import { enforceLimits } from './enforce-limits.ts';
import { callerFromLocals, localsOf } from './locals.ts';
import type { Route } from './route.ts';

/**
 * The callers that may use a route.
 *
 * - `caller`: callers who are authenticated as the settings require, within their rate limits, and not revoked. Web pages of allowed origins may
 *   read the responses (CORS). `callerRoute` creates these routes
 * - `reporter`: reporters with the REPORTER_TOKEN, or with the token of the node that the path names, or the field `prober` of the query
 * - `open`: everybody
 */
export type Access = 'caller' | 'reporter' | 'open';

/** A route of the public listener. All routes of one path have the same access. */
export type PublicRoute<Parts> = Route<Parts> &
  (
    | { readonly access: Exclude<Access, 'reporter'> }
    | {
        readonly access: 'reporter';
        readonly path: `/${string}/:region/:id` | `/${string}/:region/:id/${string}` | '/v1/probe-credentials';
      }
  );

/** The checks that need the parsed request. */
export type CallerGate = { readonly limitCalls: LimitCalls; readonly isRevoked: IsRevoked };

/** The request fields that name the user and the call. */
export type NamedCaller = Pick<IceServersRequest, 'userId' | 'callId'>;

/** A route for callers, without the parts that all such routes share. */
export type CallerRoute<Parts, Asked> = Omit<Route<Parts>, 'createHandler'> & {
  /** @throws ProblemError `invalid_request` */
  readonly readRequest: (req: Request) => Asked & NamedCaller;
  /** Called once, at the start. The function that it returns handles each admitted request. */
  readonly createAnswer: (parts: Parts) => (res: Response, identity: Identity, asked: Asked) => void;
};

/**
 * Creates a route for callers. `admitCallerMiddleware` authenticates callers and applies their rate limits before the body is read. The handler
 * does the checks that need the body. It identifies the user, applies the limit of a user whom the request names, and rejects revoked callers.
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
        const identity = identifyCaller(callerFromLocals(res), localsOf(res).clientAddress, asked);
        const subject = subjectOfBody(identity);
        if (subject !== undefined) enforceLimits(res, limitCalls, subject);
        // The caller does not get the reason for the revocation.
        if (isRevoked(identity)) throw new ProblemError('revoked', 'Access for this caller has been revoked');
        answer(res, identity, asked);
      };
    },
  };
}

const nothing: NamedCaller = {};

/** Reads nothing from the request. For routes without a body. */
export const readNothing = (): NamedCaller => nothing;
