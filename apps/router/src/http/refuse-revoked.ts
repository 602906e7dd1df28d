import type { IceServersRequest } from '@turn-router/contract';
import type { RequestHandler, Response } from 'express';
import { ProblemError } from '../problem-error.ts';
import type { IsRevoked } from '../revocation/revocation-gate.ts';
import { callerOf, localsOf } from './locals.ts';

/**
 * Lets nobody through who is revoked. Why that is stays with those who did it.
 *
 * @param request names the user where an application asks for one
 * @throws ProblemError `revoked`
 */
export function refuseRevoked(
  res: Response,
  isRevoked: IsRevoked,
  request: Pick<IceServersRequest, 'userId'> = {},
): void {
  if (!isRevoked(callerOf(res), request, localsOf(res).clientAddress)) return;
  throw new ProblemError('revoked', 'This caller is revoked: expected nothing to be asked for any more');
}

/** The same for calls without a body. Stands behind `requireCaller`. */
export function unlessRevoked(isRevoked: IsRevoked): RequestHandler {
  return (_req, res, next) => {
    refuseRevoked(res, isRevoked);
    next();
  };
}
