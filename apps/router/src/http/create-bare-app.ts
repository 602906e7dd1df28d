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
