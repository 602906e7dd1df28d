import type { Response } from 'express';
import type { AdminRole } from '../callers/auth/admin-role.ts';
import type { Caller } from '../callers/auth/caller.ts';

/** The state of one request that middleware and routes share. */
export type Locals = {
  readonly requestId: string;
  /** Header fields of the response: name, value, name, value …, as `writeHead` accepts them. */
  readonly fields: string[];
  /** The client address; undefined if the connection is closed. */
  clientAddress: string | undefined;
  /** The authenticated caller. Set only on routes for callers. */
  caller: Caller | undefined;
  /** The role of the admin token. Set only on routes with the role check. */
  adminRole: AdminRole | undefined;
  /** The pattern of the route, for log and metrics. It is never the path that the caller sent. */
  route: string | undefined;
  /** Additional fields of the request's log line. */
  logged: Readonly<Record<string, unknown>> | undefined;
  /** The cause of a 500, for the log. */
  failure: unknown;
};

/** Creates the state with all its fields. Reading an object to which fields are added later is slow. */
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

/** Returns the typed `res.locals`. Use it only after `requestLog`, which creates them. */
export function localsOf(res: Response): Locals {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- requestLog has set them; Express says `any`
  return res.locals as Locals;
}

/** Returns the caller. Use it only in routes that `admitCallerMiddleware` protects. */
export function callerFromLocals(res: Response): Caller {
  const { caller } = localsOf(res);
  if (caller === undefined) throw new Error('callerFromLocals was called in a route without admitCallerMiddleware');
  return caller;
}
