import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import express, { type Express } from 'express';

/** Creates an Express app without the features that an API does not need. */
export function createBareApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  // Responses are never cached, so they need no ETag.
  app.disable('etag');
  // Otherwise Express would answer `If-None-Match: *` with an empty 304.
  Object.defineProperty(app.request, 'fresh', { value: false });
  // Our own middleware evaluates X-Forwarded-For; Express must trust no proxy.
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.enable('strict routing');
  return app;
}

/**
 * Returns request and response classes for the server of `app` that have Express's prototypes from the start.
 *
 * Express sets the prototype of each request and response. In Node 20, every later access to an object with a changed prototype is slow,
 * which took half of all time. With these classes Express finds the prototype already in place.
 */
export function expressMessages(app: Express): Required<Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>> {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
