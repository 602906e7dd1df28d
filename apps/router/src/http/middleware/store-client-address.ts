import type { RequestHandler } from 'express';
import type { ReadClientAddress } from '../../callers/client-address-reader.ts';
import { localsOf } from '../locals.ts';

/** Determines the client address once and stores it in the locals. */
export function storeClientAddressMiddleware(readClientAddress: ReadClientAddress): RequestHandler {
  return (req, res, next) => {
    localsOf(res).clientAddress = readClientAddress(req.socket.remoteAddress, req.headers);
    next();
  };
}
