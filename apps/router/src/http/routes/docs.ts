import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';
import helmet from 'helmet';
import { answer, fieldsSetBy, handOverFields, setField } from '../answer.ts';

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

const servedFiles = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

/** Swagger UI sets style attributes and draws icons from data: URLs; scripts stay ours alone. */
const [policyName = '', policyOfPage = ''] = fieldsSetBy(
  helmet.contentSecurityPolicy({
    directives: { styleSrc: ["'self'", "'unsafe-inline'"], upgradeInsecureRequests: null },
  }),
);

/** `GET /docs`: the API to read and try, from our own files: nothing is fetched from elsewhere. */
export function docsRouter(): Router {
  const files = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router();
  router.use((req, res, next) => {
    setField(res, policyName, policyOfPage);
    // Express answers OPTIONS by itself.
    if (req.method === 'OPTIONS') handOverFields(req, res, next);
    else next();
  });
  router.get('/', (_req, res) => answer(res, { type: 'text/html; charset=utf-8', body: page }));
  router.get('/show.js', (_req, res) => answer(res, { type: 'text/javascript; charset=utf-8', body: showScript }));
  for (const [file, type] of Object.entries(servedFiles)) {
    // In memory, 1.5 MB: a file that is sent from disk is open until it is sent, and of requests in a row on a connection that is closed
    // before they are answered it stays open for good.
    const body = readFileSync(join(files, file));
    router.get(`/${file}`, (_req, res) => {
      setField(res, 'Cache-Control', 'public, max-age=3600');
      answer(res, { type, body });
    });
  }
  return router;
}
