import type { Response } from 'express';
import type { AdminRole } from '../auth/admin-role.ts';
import type { Caller } from '../auth/caller.ts';

/** What middleware and routes leave for those that come after them. */
export type Locals = {
  requestId: string;
  /** Who is asking; undefined when the connection is gone. */
  clientAddress: string | undefined;
  /** Who that is, as far as it has been proven; on the routes that ask for it. */
  caller: Caller;
  /** As whom the admin API was asked; behind its check of roles. */
  adminRole: AdminRole;
  /** The route's pattern, for log and metrics; never what a caller wrote. */
  route: string;
  /** Further fields of the request's one log line. */
  logged: Readonly<Record<string, unknown>>;
  /** Why the answer is a 500, for the log. */
  failure: unknown;
};

/** Express leaves `res.locals` untyped; this is the one view of it. */
export function localsOf(res: Response): Partial<Locals> {
  return res.locals;
}

/** Behind `requireCaller` there is one. */
export function callerOf(res: Response): Caller {
  const { caller } = localsOf(res);
  if (caller === undefined) throw new Error('A route that needs a caller stands behind requireCaller');
  return caller;
}
