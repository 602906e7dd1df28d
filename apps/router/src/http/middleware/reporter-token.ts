import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ProblemError } from '../../problem-error.ts';

/** Lets through who shows the token (RFC 6750 §2.1). Compared by hash, in constant time whatever the lengths. */
export function requireReporterToken(token: string): RequestHandler {
  const expected = hash(token);
  return (req, res, next) => {
    const shown = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    if (shown === undefined || !timingSafeEqual(hash(shown), expected)) {
      res.setHeader('WWW-Authenticate', 'Bearer');
      throw new ProblemError('unauthorized', 'Authorization: expected "Bearer <the router’s REPORTER_TOKEN>"');
    }
    next();
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
