import { answer } from '../answer.ts';
import type { OpenApiDocument } from '../openapi/describe-route.ts';
import type { PublicRoute } from '../public-route.ts';

export type OpenApiParts = { readonly openApi: OpenApiDocument };

/** Serves the OpenAPI document of a listener. The document is serialized only once, because that takes long and would delay callers. */
export const openApiRoute: PublicRoute<OpenApiParts> = {
  method: 'get',
  path: '/openapi.json',
  access: 'open',
  operation: undefined,
  createHandler: ({ openApi }) => {
    const content = Buffer.from(JSON.stringify(openApi));
    return (_req, res) => {
      answer(res, { type: 'application/json; charset=utf-8', body: content });
    };
  },
};
