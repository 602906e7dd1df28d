import cors from 'cors';
import type { RequestHandler, Response } from 'express';
import { fieldsSetBy, handOverFields, setField } from './answer.ts';

const settings = {
  methods: ['GET', 'POST'],
  exposedHeaders: ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id', 'WWW-Authenticate'],
  maxAge: 600,
};

/** Said whoever asks, `Vary: Origin` above all, so that no cache mixes answers up. */
const fieldsOfEveryAnswer = fieldsSetBy(cors({ ...settings, origin: [] }));

/** Decides for one answer whether a page of this origin may read it. Called once for each answer. */
export function decideAccess(res: Response, origin: string | undefined, mayRead: (origin: string) => boolean): void {
  for (let index = 0; index < fieldsOfEveryAnswer.length; index += 2) {
    setField(res, fieldsOfEveryAnswer[index] ?? '', fieldsOfEveryAnswer[index + 1] ?? '');
  }
  if (origin !== undefined && mayRead(origin)) setField(res, 'Access-Control-Allow-Origin', origin);
}

/** For calls that name no caller. A page asks first without its token, so that any key's origin must do. */
export function accessWithoutCaller(mayRead: (origin: string) => boolean): {
  /** Answers whether a page may ask (CORS preflight). */
  readonly preflight: readonly RequestHandler[];
  readonly decide: RequestHandler;
} {
  return {
    preflight: [
      handOverFields,
      cors({
        ...settings,
        // A list in any case: for `false` nothing would be said at all, `Vary` included.
        origin: (origin, done) => done(null, origin !== undefined && mayRead(origin) ? [origin] : []),
      }),
    ],
    decide(req, res, next) {
      decideAccess(res, req.headers.origin, mayRead);
      next();
    },
  };
}
