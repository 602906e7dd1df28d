import type { RequestHandler } from 'express';
import { createLocals } from './locals.ts';

/** What `requestLog` leaves for those that come after it, for apps of tests that have none. */
export const withLocals: RequestHandler = (_req, res, next) => {
  res.locals = createLocals('id-1', []);
  next();
};
