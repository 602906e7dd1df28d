import type { RequestHandler } from 'express';
import type { OpenApiDocument } from '../../openapi/openapi-document.ts';

/** `GET /openapi.json`, of either listener. Written out once: it is large, and whoever asks for it holds up callers meanwhile. */
export function openApiRoute(document: OpenApiDocument): RequestHandler {
  const content = Buffer.from(JSON.stringify(document));
  return (_req, res) => {
    res.type('json').send(content);
  };
}
