import type { RequestHandler } from 'express';
import type { OpenApiDocument } from '../openapi/openapi-document.ts';
import { answer } from '../answer.ts';

/** `GET /openapi.json`, of either listener. Written out once: it is large, and whoever asks for it holds up callers meanwhile. */
export function openApiRoute(document: OpenApiDocument): RequestHandler {
  const content = Buffer.from(JSON.stringify(document));
  return (_req, res) => {
    answer(res, { type: 'application/json; charset=utf-8', body: content });
  };
}
