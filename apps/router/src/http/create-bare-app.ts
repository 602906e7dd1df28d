import { IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import express, { type Express } from 'express';

/** Creates an Express app. Features that an API does not need are off. */
export function createBareApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  // Responses are never cached, so they need no ETag.
  app.disable('etag');
  // Without this, Express would answer `If-None-Match: *` with an empty 304.
  Object.defineProperty(app.request, 'fresh', { value: false });
  // The middleware of the router evaluates X-Forwarded-For, so Express must not trust any proxy.
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.enable('strict routing');
  return app;
}

/**
 * Returns request and response classes for the server of `app`. They have the prototypes of Express from the start.
 *
 * Express sets the prototype of each request and response. In Node 20, every later access to an object with a changed prototype is slow, which took
 * half of all time. With these classes, Express finds that the prototype is already set.
 */
export function expressMessages(app: Express): Required<Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>> {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
