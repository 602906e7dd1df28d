import type { RequestHandler, Response } from 'express';
import type { Authenticate } from '../../auth/authenticate.ts';
import type { Caller } from '../../auth/caller.ts';
import { ProblemError } from '../../problem-error.ts';
import { localsOf } from '../locals.ts';

export type CallerRequirement = {
  readonly authenticate: Authenticate;
  /** Whether pages of an origin may read answers whoever asks. */
  readonly isReader: (origin: string) => boolean;
  /** Told of whoever is not let through, before the answer; may throw another one. */
  readonly onStranger: (res: Response) => void;
};

/** Lets through whom the settings let ask, and leaves who that is. Before the body is read, so that strangers send none. */
export function requireCaller({ authenticate, isReader, onStranger }: CallerRequirement): RequestHandler {
  return (req, res, next) => {
    const { authorization, origin } = req.headers;
    const admit = (caller: Caller) => {
      localsOf(res).caller = caller;
      if (origin !== undefined) checkOrigin(origin, caller, isReader, res);
      next();
    };
    const refuse = (error: unknown): never => {
      onStranger(res);
      throw error;
    };
    const caller = authenticateOr(refuse, () => authenticate(authorization));
    return 'then' in caller ? caller.then(admit, refuse) : admit(caller);
  };
}

function authenticateOr<Known>(refuse: (error: unknown) => never, authenticate: () => Known): Known {
  try {
    return authenticate();
  } catch (error) {
    return refuse(error);
  }
}

/**
 * Until here, an origin that any key names counts as one that may read; from here on, what this caller's own token says.
 *
 * A list of origins keeps other pages from using a token that pages hold. Programs write what they like into `Origin`.
 */
function checkOrigin(origin: string, { scope }: Caller, isReader: (origin: string) => boolean, res: Response): void {
  const mayRead = scope.origins === undefined ? isReader(origin) : scope.origins.has(origin);
  if (!mayRead) res.removeHeader('Access-Control-Allow-Origin');
  if (scope.origins !== undefined && !mayRead) {
    throw new ProblemError('origin_forbidden', 'Origin: The API key is for pages of other origins');
  }
}
