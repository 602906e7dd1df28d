import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { AdminRole } from '../../callers/auth/admin-role.ts';
import type { AdminRoute } from '../admin/admin-router.ts';
import { adminRoutes, openAdminRoutes } from '../admin/admin-routes.ts';
import { describeRoute, type AccessNotes, type OpenApiDocument } from './describe-route.ts';

/**
 * Creates the OpenAPI 3.1 document of the admin API from the schemas that check requests and responses.
 *
 * @param routes default: all
 */
export function createAdminOpenApiDocument(
  version: string,
  routes: readonly AdminRoute<never>[] = adminRoutes,
): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const viewer = registry.registerComponent('securitySchemes', 'viewer', {
    type: 'http',
    scheme: 'bearer',
    description: 'Bearer token with the viewer role (read only): ADMIN_VIEWER_TOKEN of the router.',
  });
  const operator = registry.registerComponent('securitySchemes', 'operator', {
    type: 'http',
    scheme: 'bearer',
    description: 'Bearer token with the operator role (read and write): ADMIN_TOKEN of the router.',
  });
  const authProblems = ['unauthenticated', 'invalid_token'] as const;
  const notes: Readonly<Record<AdminRole, AccessNotes>> = {
    viewer: { security: [{ [viewer.name]: [] }, { [operator.name]: [] }], problems: authProblems },
    operator: { security: [{ [operator.name]: [] }], problems: [...authProblems, 'role_forbidden'] },
  };
  for (const route of routes) describeRoute(registry, route, notes[route.role]);
  for (const route of openAdminRoutes) describeRoute(registry, route, { problems: [] });

  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'turn-router admin',
      version,
      description:
        'The API for operators. `/admin/v1` exists only if the router has ADMIN_TOKEN or ADMIN_VIEWER_TOKEN.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
  });
}
