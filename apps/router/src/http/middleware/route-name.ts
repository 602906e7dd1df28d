import type { RequestHandler } from 'express';
import { localsOf } from '../locals.ts';

/** Says under which name the request goes into log and metrics: the route's pattern, never what a caller wrote. */
export function named(route: string): RequestHandler {
  return (_req, res, next) => {
    localsOf(res).route = route;
    next();
  };
}
