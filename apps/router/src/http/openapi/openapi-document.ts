import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { geoipCredit } from '@turn-router/geo';
import type { PublicRoute } from '../public-route.ts';
import { publicRoutes } from '../public-routes.ts';
import { describeRoute, type AccessNotes, type OpenApiDocument } from './describe-route.ts';

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

/**
 * The public API as OpenAPI 3.1, from the schemas that requests and answers are held against.
 *
 * @param routes default: all
 */
export function createOpenApiDocument(
  version: string,
  routes: readonly PublicRoute<never>[] = publicRoutes,
): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const reporter = registry.registerComponent('securitySchemes', 'reporterToken', { type: 'http', scheme: 'bearer' });
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
  const unknownCaller = [
    'unauthenticated',
    'invalid_token',
    'token_expired',
    'origin_forbidden',
    'auth_unavailable',
  ] as const;

  function notesOf({ access, body }: PublicRoute<never>): AccessNotes {
    switch (access) {
      case 'caller':
        return {
          tags: ['For callers'],
          // Which of them are open is for the router’s settings to say; none at all is the anonymous way.
          security: [{ [apiKey.name]: [] }, { [jwt.name]: [] }, {}],
          // A body may name another user than the token does.
          problems: [...unknownCaller, ...(body ? (['user_forbidden'] as const) : []), 'revoked', 'rate_limited'],
          headers: rateLimitHeaders,
        };
      case 'reporter':
        return {
          tags: ['For health-reporters'],
          security: [{ [reporter.name]: [] }],
          problems: ['unauthorized'],
        };
      case 'open':
        return { tags: ['For operators'], problems: [] };
    }
  }
  for (const route of routes) describeRoute(registry, route, notesOf(route));

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
