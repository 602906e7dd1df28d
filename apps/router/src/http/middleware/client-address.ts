import type { RequestHandler } from 'express';
import { clientAddress, type IsTrustedProxy } from '../../client-address.ts';
import { localsOf } from '../locals.ts';

/** Decides once who is asking; everything behind reads the decision. */
export function clientAddressMiddleware(isTrustedProxy: IsTrustedProxy): RequestHandler {
  return (req, res, next) => {
    localsOf(res).clientAddress = clientAddress(req.socket.remoteAddress, req.get('x-forwarded-for'), isTrustedProxy);
    next();
  };
}
