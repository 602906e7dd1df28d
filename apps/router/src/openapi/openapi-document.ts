import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import {
  coturnAnswerSchema,
  iceServersAnswerSchema,
  iceServersRequestSchema,
  regionAnswerSchema,
} from '@turn-router/contract/http';
import { nodeReportSchema } from '@turn-router/contract/registry';
import { geoipCredit } from '@turn-router/geo';
import { z } from 'zod';
import { nodePathSchema, nodeQuerySchema } from '../http/routes/nodes.ts';
import { trustSteps } from '../trust-step.ts';
import { json, problemResponses } from './responses.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** What an answer to a limited call has in its head, whatever its status. */
const rateLimitHeaders = {
  'RateLimit-Policy': {
    description: 'Of each limit that the call falls under: calls (`q`) in so many seconds (`w`). Absent: none.',
    schema: { type: 'string', example: '"address";q=100;w=60' },
  },
  RateLimit: {
    description: 'Of each: calls that are left (`r`), and seconds until there may be more (`t`).',
    schema: { type: 'string', example: '"address";r=57;t=23' },
  },
} as const;

const livezSchema = z.object({ live: z.literal(true) });
const readyzSchema = z.object({
  ready: z.boolean(),
  trust: z.enum(trustSteps).meta({
    description:
      'On what answers stand: every registry as just read; the last good snapshot of one that is away; the nodes that the policy names; nothing.',
  }),
  registries: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['starting', 'fresh', 'lost']),
      fault: z.string().optional().meta({ description: 'Why the last reading failed.' }),
      nodes: z.int(),
      keptNodes: z.int().meta({ description: 'Nodes that vanished from it together and serve all the same.' }),
      ageMs: z.number().optional().meta({ description: 'Time since it was last read.' }),
    }),
  ),
  healthyNodes: z.int(),
  stopping: z.boolean(),
});

/** The public API as OpenAPI 3.1, from the schemas that requests and answers are held against. */
export function createOpenApiDocument(version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const reporter = registry.registerComponent('securitySchemes', 'reporterToken', { type: 'http', scheme: 'bearer' });
  const security = [{ [reporter.name]: [] }];
  const apiKey = registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'tr_<id>_<secret>',
    description: 'An API key of an application, which vouches for the users that it names.',
  });
  const jwt = registry.registerComponent('securitySchemes', 'jwt', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A token of the issuer that the router trusts. `sub` is the user; `turn_region`, a region or several, and `turn_call` narrow what it is for.',
  });
  // Which of them are open is for the router’s settings to say; none at all is the anonymous way.
  const asCaller = [{ [apiKey.name]: [] }, { [jwt.name]: [] }, {}];
  const unknownCaller = [
    'unauthenticated',
    'invalid_token',
    'token_expired',
    'origin_forbidden',
    'auth_unavailable',
  ] as const;
  const badBody = ['body_too_large', 'unsupported_media_type'] as const;

  registry.registerPath({
    method: 'post',
    path: '/v1/ice-servers',
    tags: ['For callers'],
    summary: 'ICE servers for a call',
    description:
      'Picks the best relay for the caller’s address and signs a credential for it. No body and `{}` are the same.',
    security: asCaller,
    request: { body: { content: json(iceServersRequestSchema), required: false } },
    responses: {
      200: { description: 'ICE servers', headers: rateLimitHeaders, content: json(iceServersAnswerSchema) },
      ...problemResponses(
        ...badBody,
        ...unknownCaller,
        'user_forbidden',
        'revoked',
        'rate_limited',
        'unknown_region',
        'region_forbidden',
        'no_relay_available',
        'region_unavailable',
        'fleet_overloaded',
      ),
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/v1/region',
    tags: ['For callers'],
    summary: 'The caller’s region and its fallbacks',
    security: asCaller,
    responses: {
      200: { description: 'Region', headers: rateLimitHeaders, content: json(regionAnswerSchema) },
      ...problemResponses(...unknownCaller, 'revoked', 'rate_limited'),
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/coturn',
    tags: ['For callers'],
    summary: 'A relay, as the older coturn load balancer answers',
    description:
      'Chosen for the caller’s address like those of `/v1/ice-servers`. Without a credential: for applications that bring their own.',
    security: asCaller,
    responses: {
      200: { description: 'Relay', headers: rateLimitHeaders, content: json(coturnAnswerSchema) },
      ...problemResponses(...unknownCaller, 'revoked', 'rate_limited', 'no_relay_available', 'fleet_overloaded'),
    },
  });
  registry.registerPath({
    method: 'put',
    path: '/v1/nodes/{region}/{id}',
    tags: ['For health-reporters'],
    summary: 'Report a TURN node',
    description:
      'From health-reporters that hold no Redis credentials, with the router’s REPORTER_TOKEN or the one that is made of it for this node. Exists only when the router has one.',
    security,
    request: {
      params: nodePathSchema,
      query: nodeQuerySchema,
      body: { content: json(nodeReportSchema), required: true },
    },
    responses: {
      204: { description: 'Taken' },
      ...problemResponses(...badBody, 'unknown_region', 'unauthorized', 'registry_unavailable'),
    },
  });
  registry.registerPath({
    method: 'delete',
    path: '/v1/nodes/{region}/{id}',
    tags: ['For health-reporters'],
    summary: 'Take a TURN node away',
    security,
    request: { params: nodePathSchema },
    responses: {
      204: { description: 'Gone' },
      ...problemResponses('unknown_region', 'unauthorized', 'registry_unavailable'),
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/livez',
    tags: ['For operators'],
    summary: 'Whether the process answers',
    responses: { 200: { description: 'It does', content: json(livezSchema) }, ...problemResponses() },
  });
  registry.registerPath({
    method: 'get',
    path: '/readyz',
    tags: ['For operators'],
    summary: 'Whether callers can be answered',
    responses: {
      200: { description: 'They can', content: json(readyzSchema) },
      503: { description: 'Not yet, or not any more', content: json(readyzSchema) },
      ...problemResponses(),
    },
  });

  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'turn-router',
      version,
      // Where results are shown, the default data asks for its credit.
      description: `Picks the TURN relay for a WebRTC call: near, alive and not overloaded. [${geoipCredit.text}](${geoipCredit.url})`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
  });
}
