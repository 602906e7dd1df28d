import type { Response } from 'express';

/** What middleware and routes leave for those that come after them. */
export type Locals = {
  requestId: string;
  /** Who is asking; undefined when the connection is gone. */
  clientAddress: string | undefined;
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
