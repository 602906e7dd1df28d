import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import {
  auditAnswerSchema,
  liftRequestSchema,
  revocationsAnswerSchema,
  revocationViewSchema,
  revokeRequestSchema,
} from '@turn-router/contract/admin';
import { auditEntrySchema } from '@turn-router/contract/registry';
import { auditQuerySchema, ndjsonType } from '../http/admin/audit.ts';
import { whoamiAnswerSchema } from '../http/admin/whoami.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { json, problemResponses } from './responses.ts';

/** The admin API as OpenAPI 3.1, from the schemas that requests and answers are held against. */
export function createAdminOpenApiDocument(version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const viewer = registry.registerComponent('securitySchemes', 'viewer', {
    type: 'http',
    scheme: 'bearer',
    description: 'ADMIN_VIEWER_TOKEN of the router: may read.',
  });
  const operator = registry.registerComponent('securitySchemes', 'operator', {
    type: 'http',
    scheme: 'bearer',
    description: 'ADMIN_TOKEN of the router: may change things as well.',
  });
  const asViewer = [{ [viewer.name]: [] }, { [operator.name]: [] }];
  const asOperator = [{ [operator.name]: [] }];
  const refused = ['unauthenticated', 'invalid_token'] as const;

  registry.registerPath({
    method: 'get',
    path: '/admin/v1/whoami',
    summary: 'The role of the token that is shown',
    security: asViewer,
    responses: { 200: { description: 'Role', content: json(whoamiAnswerSchema) }, ...problemResponses(...refused) },
  });
  registry.registerPath({
    method: 'get',
    path: '/admin/v1/audit',
    summary: 'Who changed what and when',
    description: `Newest first. With \`Accept: ${ndjsonType}\` an entry a line; where to go on is then in \`Link\`.`,
    security: asViewer,
    request: { query: auditQuerySchema },
    responses: {
      200: {
        description: 'Entries',
        headers: {
          Link: {
            description: `The next page, \`rel="next"\`: of ${ndjsonType} alone, if there may be one.`,
            schema: { type: 'string' },
          },
        },
        content: { ...json(auditAnswerSchema), [ndjsonType]: { schema: auditEntrySchema } },
      },
      ...problemResponses('invalid_request', ...refused, 'registry_unavailable'),
    },
  });
  const changed = [
    'invalid_request',
    'body_too_large',
    'unsupported_media_type',
    ...refused,
    'role_forbidden',
    'registry_unavailable',
  ] as const;
  registry.registerPath({
    method: 'get',
    path: '/admin/v1/revocations',
    summary: 'Who is revoked',
    description: 'As stored, those that are over included.',
    security: asViewer,
    responses: {
      200: { description: 'Revocations', content: json(revocationsAnswerSchema) },
      ...problemResponses(...refused, 'registry_unavailable'),
    },
  });
  registry.registerPath({
    method: 'put',
    path: '/admin/v1/revocations',
    summary: 'Throw somebody out',
    description:
      'Routers issue nothing more to the subject: this one from now on, all others within 2 s. Takes the place of the revocation before. An API key that is revoked as a whole stays stored, and is good again when that is lifted.',
    security: asOperator,
    request: { body: { content: json(revokeRequestSchema), required: true } },
    responses: {
      200: { description: 'The revocation', content: json(revocationViewSchema) },
      ...problemResponses(...changed),
    },
  });
  registry.registerPath({
    method: 'post',
    path: '/admin/v1/revocations/lift',
    summary: 'Let somebody in again',
    security: asOperator,
    request: { body: { content: json(liftRequestSchema), required: true } },
    responses: { 204: { description: 'Lifted' }, ...problemResponses(...changed, 'not_revoked') },
  });
  registry.registerPath({
    method: 'get',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    responses: {
      200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
      ...problemResponses(),
    },
  });

  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'turn-router admin',
      version,
      description:
        'What SREs ask a router. `/admin/v1` exists only where the router has ADMIN_TOKEN or ADMIN_VIEWER_TOKEN.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
  });
}
