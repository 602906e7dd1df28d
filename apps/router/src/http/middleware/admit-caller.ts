import cors from 'cors';
import type { RequestHandler, Response } from 'express';
import type { Authenticate } from '../../callers/auth/authenticate.ts';
import type { Caller } from '../../callers/auth/caller.ts';
import type { LimitCalls } from '../../callers/limits/limit-calls.ts';
import { subjectOfCaller } from '../../callers/limits/limit-subject.ts';
import { ProblemError } from '../../problem-error.ts';
import { fieldsSetBy, handOverFields, setField } from '../answer.ts';
import { enforceLimits } from '../enforce-limits.ts';
import { localsOf } from '../locals.ts';
import type { Route } from '../route.ts';

export type CallerRequirement = {
  readonly authenticate: Authenticate;
  readonly limitCalls: LimitCalls;
  /** Whether web pages of an origin may read responses to any caller. */
  readonly mayRead: (origin: string) => boolean;
  /** Whether web pages of an origin may send requests while the caller is not identified yet. */
  readonly mayCall: (origin: string) => boolean;
};

/**
 * Creates middleware that authenticates callers and applies their rate limits. It stores the caller in the locals and sets the CORS headers. A web
 * page whose origin is not allowed is refused before the limits. All of this happens before the body is read, so that unknown clients cannot send a body.
 */
export function admitCallerMiddleware({
  authenticate,
  limitCalls,
  mayRead,
  mayCall,
}: CallerRequirement): RequestHandler {
  return (req, res, next) => {
    const { authorization, origin } = req.headers;
    const admit = (caller: Caller): void => {
      localsOf(res).caller = caller;
      setCorsHeadersFor(caller, origin, mayRead, res);
      enforceLimits(res, limitCalls, subjectOfCaller(caller, localsOf(res).clientAddress));
      next();
    };
    const refuse = (error: unknown): never => {
      setCorsHeaders(res, origin, mayCall);
      enforceLimits(res, limitCalls, { address: localsOf(res).clientAddress });
      throw error;
    };
    const caller = authenticateOr(refuse, () => authenticate(authorization, req));
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

/** Rejects web pages of origins that the API key does not list. This does not stop programs, because a program can send any `Origin`. */
function setCorsHeadersFor(
  { scope }: Caller,
  origin: string | undefined,
  mayRead: (origin: string) => boolean,
  res: Response,
): void {
  const { origins } = scope;
  setCorsHeaders(res, origin, origins === undefined ? mayRead : (each) => origins.has(each));
  if (origin !== undefined && origins?.has(origin) === false) {
    throw new ProblemError('origin_forbidden', 'Origin: The API key does not allow this origin');
  }
}

const pageSettings = {
  exposedHeaders: ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id', 'WWW-Authenticate'],
  maxAge: 600,
};

/** Header fields of every response. The most important is `Vary: Origin`, with which caches store responses separately for each origin. */
const commonCorsFields = fieldsSetBy(cors({ ...pageSettings, origin: [] }));

/** Sets the CORS headers of one response. Called once for each response that a web page may read. */
export function setCorsHeaders(res: Response, origin: string | undefined, mayRead: (origin: string) => boolean): void {
  for (let index = 0; index < commonCorsFields.length; index += 2) {
    setField(res, commonCorsFields[index] ?? '', commonCorsFields[index + 1] ?? '');
  }
  if (origin !== undefined && mayRead(origin)) setField(res, 'Access-Control-Allow-Origin', origin);
}

/**
 * Sets the CORS headers of requests whose caller is not identified, and responds to OPTIONS (CORS preflight). A preflight has no token, so the
 * origins of all API keys are accepted.
 *
 * @param routes the routes that web pages may use
 */
export function corsWithoutCaller(
  mayRead: (origin: string) => boolean,
  routes: readonly Pick<Route<never>, 'method'>[],
): RequestHandler {
  const answerPreflight = cors({
    ...pageSettings,
    methods: [...new Set(routes.map(({ method }) => method.toUpperCase()))].toSorted(),
    // This is always a list. For `false`, cors would omit all headers, including `Vary`.
    origin: (origin, done) => done(null, origin !== undefined && mayRead(origin) ? [origin] : []),
  });
  return (req, res, next) => {
    if (req.method !== 'OPTIONS') {
      setCorsHeaders(res, req.headers.origin, mayRead);
      next();
      return;
    }
    // In log and metrics, a preflight belongs to no route.
    localsOf(res).route = undefined;
    handOverFields(req, res, () => answerPreflight(req, res, next));
  };
}
