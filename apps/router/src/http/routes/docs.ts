import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';
import helmet from 'helmet';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>turn-router API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/show.js"></script>
  </body>
</html>
`;

const showScript = `SwaggerUIBundle({url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null});\n`;

/** Name → type, as Express calls it. */
const servedFiles = { 'swagger-ui.css': 'css', 'swagger-ui-bundle.js': 'js', 'favicon-32x32.png': 'png' } as const;

/** `GET /docs`: the API to read and try, from our own files: nothing is fetched from elsewhere. */
export function docsRouter(): Router {
  const files = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router();
  // Swagger UI sets style attributes and draws icons from data: URLs; scripts stay ours alone.
  router.use(
    helmet.contentSecurityPolicy({
      directives: { styleSrc: ["'self'", "'unsafe-inline'"], upgradeInsecureRequests: null },
    }),
  );
  router.get('/', (_req, res) => res.type('html').send(page));
  router.get('/show.js', (_req, res) => res.type('js').send(showScript));
  for (const [file, type] of Object.entries(servedFiles)) {
    // In memory, 1.5 MB: a file that is sent from disk is open until it is sent, and of requests in a row on a connection that is closed
    // before they are answered it stays open for good.
    const content = readFileSync(join(files, file));
    router.get(`/${file}`, (_req, res) => res.type(type).set('Cache-Control', 'public, max-age=3600').send(content));
  }
  return router;
}
