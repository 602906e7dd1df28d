import { answer } from '../answer.ts';
import type { OpenApiDocument } from '../openapi/describe-route.ts';
import type { PublicRoute } from '../public-route.ts';

export type OpenApiParts = { readonly openApi: OpenApiDocument };

/** Of either listener. Written out once: it is large, and whoever asks for it holds up callers meanwhile. */
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
