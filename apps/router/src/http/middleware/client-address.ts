import type { RequestHandler } from 'express';
import { clientAddress, type IsTrustedProxy } from '../../callers/client-address.ts';
import { localsOf } from '../locals.ts';

/** Decides once which address asks; everything behind reads the decision. */
export function clientAddressMiddleware(isTrustedProxy: IsTrustedProxy): RequestHandler {
  return (req, res, next) => {
    const forwardedFor = req.headers['x-forwarded-for'];
    // Node joins repeated lines of this field by commas.
    const hops = Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor;
    localsOf(res).clientAddress = clientAddress(req.socket.remoteAddress, hops, isTrustedProxy);
    next();
  };
}
