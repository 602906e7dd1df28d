import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { geoipCredit } from '@turn-router/geo';
import type { PublicRoute } from '../public-route.ts';
import { publicRoutes } from '../public-routes.ts';
import { describeRoute, type AccessNotes, type OpenApiDocument } from './describe-route.ts';

/** Header fields of every response to a rate-limited call, whatever the status. */
const rateLimitHeaders = {
  'RateLimit-Policy': {
    description: 'The rate limits that apply to the call: `q` calls in `w` seconds. Absent if no limit applies.',
    schema: { type: 'string', example: '"address";q=100;w=60' },
  },
  RateLimit: {
    description: 'For each limit, the remaining calls (`r`) and the seconds until more are available (`t`).',
    schema: { type: 'string', example: '"address";r=57;t=23' },
  },
} as const;

/**
 * Creates the OpenAPI 3.1 document of the public API from the schemas that check requests and responses.
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
    description: 'API key of an application. The application authenticates the users that it names.',
  });
  const jwt = registry.registerComponent('securitySchemes', 'jwt', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'Token of an issuer that the router trusts. The claim `sub` is the user, unless the issuer uses another claim. The claims `turn_region` (one or several regions) and `turn_call` restrict the token.',
  });
  const authProblems = [
    'unauthenticated',
    'invalid_token',
    'token_expired',
    'origin_forbidden',
    'auth_unavailable',
    'revocations_unknown',
  ] as const;

  function notesOf({ access, body }: PublicRoute<never>): AccessNotes {
    switch (access) {
      case 'caller':
        return {
          tags: ['For callers'],
          // The settings of the router decide which of these are accepted; `{}` is anonymous access.
          security: [{ [apiKey.name]: [] }, { [jwt.name]: [] }, {}],
          // A body may name another user than the token names.
          problems: [...authProblems, ...(body ? (['user_forbidden'] as const) : []), 'revoked', 'rate_limited'],
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
      // The licence of the default GeoIP data requires this attribution.
      description: `Picks the TURN relay for a WebRTC call: near the caller, working and not overloaded. [${geoipCredit.text}](${geoipCredit.url})`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
  });
}
