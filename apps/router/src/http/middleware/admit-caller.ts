import cors from 'cors';
import type { RequestHandler, Response } from 'express';
import type { Authenticate } from '../../callers/auth/authenticate.ts';
import type { Caller } from '../../callers/auth/caller.ts';
import type { LimitCalls } from '../../callers/limits/limit-calls.ts';
import { subjectOfCaller } from '../../callers/limits/limit-subject.ts';
import { ProblemError } from '../../problem-error.ts';
import { fieldsSetBy, handOverFields, setField } from '../answer.ts';
import { limitCall } from '../limit-call.ts';
import { localsOf } from '../locals.ts';
import type { Route } from '../route.ts';

export type CallerRequirement = {
  readonly authenticate: Authenticate;
  readonly limitCalls: LimitCalls;
  /** Whether pages of an origin may read answers, whoever asks. */
  readonly isReader: (origin: string) => boolean;
  /** Whether pages of an origin may ask, as far as that is known without knowing the caller. */
  readonly mayAsk: (origin: string) => boolean;
};

/**
 * Admits callers whom the settings let ask, within their limits, and leaves who they are. Also decides which page may read the answer. All
 * of it before the body is read, so that strangers send none.
 */
export function admitCaller({ authenticate, limitCalls, isReader, mayAsk }: CallerRequirement): RequestHandler {
  return (req, res, next) => {
    const { authorization, origin } = req.headers;
    const admit = (caller: Caller): void => {
      localsOf(res).caller = caller;
      decideAccessOf(caller, origin, isReader, res);
      limitCall(res, limitCalls, subjectOfCaller(caller, localsOf(res).clientAddress));
      next();
    };
    const refuse = (error: unknown): never => {
      decideAccess(res, origin, mayAsk);
      limitCall(res, limitCalls, { address: localsOf(res).clientAddress });
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

/** A list of origins keeps other pages from using a token that pages hold. Programs write what they like into `Origin`. */
function decideAccessOf(
  { scope }: Caller,
  origin: string | undefined,
  isReader: (origin: string) => boolean,
  res: Response,
): void {
  const { origins } = scope;
  decideAccess(res, origin, origins === undefined ? isReader : (each) => origins.has(each));
  if (origin !== undefined && origins?.has(origin) === false) {
    throw new ProblemError('origin_forbidden', 'Origin: The API key is for pages of other origins');
  }
}

const pageSettings = {
  exposedHeaders: ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id', 'WWW-Authenticate'],
  maxAge: 600,
};

/** Said whoever asks, `Vary: Origin` above all, so that no cache mixes answers up. */
const fieldsOfEveryAnswer = fieldsSetBy(cors({ ...pageSettings, origin: [] }));

/** Decides for one answer whether a page of this origin may read it. Called once for each answer that pages may have a use for. */
export function decideAccess(res: Response, origin: string | undefined, mayRead: (origin: string) => boolean): void {
  for (let index = 0; index < fieldsOfEveryAnswer.length; index += 2) {
    setField(res, fieldsOfEveryAnswer[index] ?? '', fieldsOfEveryAnswer[index + 1] ?? '');
  }
  if (origin !== undefined && mayRead(origin)) setField(res, 'Access-Control-Allow-Origin', origin);
}

/**
 * For calls that name no caller: decides the same, and answers OPTIONS (CORS preflight). A page asks first without its token, so that any
 * key's origin must do.
 *
 * @param routes all that pages may ask
 */
export function accessWithoutCaller(
  mayRead: (origin: string) => boolean,
  routes: readonly Pick<Route<never>, 'method'>[],
): RequestHandler {
  const answerPreflight = cors({
    ...pageSettings,
    methods: [...new Set(routes.map(({ method }) => method.toUpperCase()))].toSorted(),
    // A list in any case: for `false` nothing would be said at all, `Vary` included.
    origin: (origin, done) => done(null, origin !== undefined && mayRead(origin) ? [origin] : []),
  });
  return (req, res, next) => {
    if (req.method !== 'OPTIONS') {
      decideAccess(res, req.headers.origin, mayRead);
      next();
      return;
    }
    // Of no route in log and metrics: only what a page may do was asked.
    localsOf(res).route = undefined;
    handOverFields(req, res, () => answerPreflight(req, res, next));
  };
}
