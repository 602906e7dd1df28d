import type { Express } from 'express';
import helmet from 'helmet';
import { createBareApp } from './create-bare-app.ts';
import { methodNotAllowed, notFound, problemResponder } from './middleware/problems.ts';
import { requestLog, type RequestLogParts } from './middleware/request-log.ts';
import { named } from './middleware/route-name.ts';

/** What SREs meet, on a listener of its own. */
export function createAdminApp(parts: RequestLogParts): Express {
  const { metrics } = parts;
  const app = createBareApp();
  app.use(requestLog(parts));
  app.use(helmet());
  app
    .route('/metrics')
    .all(named('/metrics'))
    .get(async (_req, res) => {
      const text = await metrics.text();
      res.setHeader('Content-Type', metrics.contentType);
      res.send(text);
    })
    .all(methodNotAllowed('GET', 'HEAD'));
  app.use(notFound);
  app.use(problemResponder(metrics));
  return app;
}
