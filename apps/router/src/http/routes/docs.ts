import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';
import helmet from 'helmet';
import { answer, fieldsSetBy, handOverFields, setField } from '../answer.ts';
import { renderProblemsPage } from './problems-page.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>turn-router API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <p><a href="/docs/problems">What each problem code means</a></p>
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

/** Swagger UI sets style attributes and loads icons from `data:` URLs. Scripts are allowed only from this origin. */
const [policyName = '', policyOfPage = ''] = fieldsSetBy(
  helmet.contentSecurityPolicy({
    directives: { styleSrc: ["'self'", "'unsafe-inline'"], upgradeInsecureRequests: null },
  }),
);

/** Serves two pages: `GET /docs`, where people can read and try the API, and `GET /docs/problems`. The pages load nothing from other origins. */
export function docsRouter(): Router {
  const files = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router();
  router.use((req, res, next) => {
    setField(res, policyName, policyOfPage);
    // Express itself answers OPTIONS.
    if (req.method === 'OPTIONS') handOverFields(req, res, next);
    else next();
  });
  router.get('/', (_req, res) => answer(res, { type: 'text/html; charset=utf-8', body: page }));
  router.get('/show.js', (_req, res) => answer(res, { type: 'text/javascript; charset=utf-8', body: showScript }));
  const problemsPage = Buffer.from(renderProblemsPage());
  router.get('/problems', (_req, res) => answer(res, { type: 'text/html; charset=utf-8', body: problemsPage }));
  for (const [file, type] of Object.entries(servedFiles)) {
    // These files are in memory (1.5 MB). If a file were sent from disk, its descriptor would leak when a client pipelines requests and closes the
    // connection.
    const body = readFileSync(join(files, file));
    router.get(`/${file}`, (_req, res) => {
      setField(res, 'Cache-Control', 'public, max-age=3600');
      answer(res, { type, body });
    });
  }
  return router;
}
