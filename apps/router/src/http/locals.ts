import type { Response } from 'express';
import type { AdminRole } from '../callers/auth/admin-role.ts';
import type { Caller } from '../callers/auth/caller.ts';

/** What middleware and routes leave for those that come after them. */
export type Locals = {
  readonly requestId: string;
  /** The answer's header fields: name, value, name, value …, as `writeHead` takes them. */
  readonly fields: string[];
  /** The address that asks; undefined when the connection is gone. */
  clientAddress: string | undefined;
  /** Who that is, as far as it has been proven; on the routes that ask for it. */
  caller: Caller | undefined;
  /** As whom the admin API was asked; behind its check of roles. */
  adminRole: AdminRole | undefined;
  /** The route's pattern, for log and metrics; never what a caller wrote. */
  route: string | undefined;
  /** Further fields of the request's one log line. */
  logged: Readonly<Record<string, unknown>> | undefined;
  /** Why the answer is a 500, for the log. */
  failure: unknown;
};

/** All of them from the start: an object that grows by and by is slow to read. */
export function createLocals(requestId: string, fields: string[]): Locals {
  return {
    requestId,
    fields,
    clientAddress: undefined,
    caller: undefined,
    adminRole: undefined,
    route: undefined,
    logged: undefined,
    failure: undefined,
  };
}

/** Express leaves `res.locals` untyped; this is the one view of it. Behind `requestLog` they are there. */
export function localsOf(res: Response): Locals {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- requestLog has set them; Express says `any`
  return res.locals as Locals;
}

/** Behind `admitCaller` there is one. */
export function callerOf(res: Response): Caller {
  const { caller } = localsOf(res);
  if (caller === undefined) throw new Error('A route that needs a caller stands behind admitCaller');
  return caller;
}
