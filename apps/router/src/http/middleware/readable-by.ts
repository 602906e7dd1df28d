import cors from 'cors';
import type { RequestHandler } from 'express';

/** Lets pages read answers whose origin, to the letter, is one of these. Every answer says `Vary: Origin`, so that no cache mixes them up. */
export function readableBy(isReader: (origin: string) => boolean): RequestHandler {
  return cors({
    // A list in any case: for `false` nothing would be said at all, `Vary` included.
    origin: (origin, done) => done(null, origin !== undefined && isReader(origin) ? [origin] : []),
    methods: ['GET', 'POST'],
    exposedHeaders: ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id', 'WWW-Authenticate'],
    maxAge: 600,
  });
}
