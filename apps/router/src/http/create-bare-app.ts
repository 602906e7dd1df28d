import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import express, { type Express } from 'express';

/** Express without what an API has no use for. */
export function createBareApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers are never stored, so they need no fingerprint.
  app.disable('etag');
  // Nor does anybody have one that is still good: `If-None-Match: *` would be answered with 304 and nothing.
  Object.defineProperty(app.request, 'fresh', { value: false });
  // Our own middleware walks X-Forwarded-For; Express is to believe nobody.
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.enable('strict routing');
  return app;
}

/**
 * Classes for a server that hands its messages to `app`: they have Express's prototypes from the start.
 *
 * Express sets the prototype of each request and response that it is handed. In Node 20 an object whose prototype was changed is slow in
 * all that is done with it afterwards, which took half of all time. Here Express finds in place what it is about to set.
 */
export function expressMessages(app: Express): Required<Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>> {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
