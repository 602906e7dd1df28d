import type { RequestHandler } from 'express';
import { clientAddress, type IsTrustedProxy } from '../../callers/client-address.ts';
import { localsOf } from '../locals.ts';

/** Determines the client address once and stores it in the locals. */
export function clientAddressMiddleware(isTrustedProxy: IsTrustedProxy): RequestHandler {
  return (req, res, next) => {
    const forwardedFor = req.headers['x-forwarded-for'];
    // Node joins repeated header lines with commas.
    const hops = Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor;
    localsOf(res).clientAddress = clientAddress(req.socket.remoteAddress, hops, isTrustedProxy);
    next();
  };
}
