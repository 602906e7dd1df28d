import type { RequestHandler } from 'express';
import { createLocals } from './locals.ts';

/** Creates the locals in test apps without `requestLog`. */
export const withLocals: RequestHandler = (_req, res, next) => {
  res.locals = createLocals('id-1', []);
  next();
};
