import { expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { createLogger } from '../../observe/logger.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { createAdminParts } from '../admin-parts.fixture.ts';
import { answerJson } from '../answer.ts';
import { createAdminApp } from '../create-admin-app.ts';
import { parseInput } from '../input.ts';
import { createAdminOpenApiDocument } from '../openapi/admin-openapi-document.ts';
import { json } from '../openapi/operation.ts';
import { adminTokens } from '../../compose/test-app.fixture.ts';
import type { AdminRoute } from './admin-router.ts';
import { adminRoutes, type AdminRouteParts } from './admin-routes.ts';
import { adminActorOf } from './require-role.ts';

const thingSchema = z.strictObject({ size: z.int() });

/** A new action needs no more than this. */
const thingRoute: AdminRoute<Pick<AdminRouteParts, 'audit'>> = {
  method: 'put',
  path: '/admin/v1/things/:id',
  role: 'operator',
  body: { schema: thingSchema, required: true },
  operation: {
    summary: 'Change a thing',
    params: z.object({ id: z.string() }),
    answers: { 200: { description: 'The thing', content: json(thingSchema) } },
    problems: ['registry_unavailable'],
  },
  createHandler:
    ({ audit }) =>
    async (req, res) => {
      const { size } = parseInput(thingSchema, req.body);
      const { entries } = await audit.read({ sinceMs: 0, limit: 1 });
      answerJson(res, { size, by: adminActorOf(res), entries: entries.length });
    },
};

const routes = [...adminRoutes, thingRoute];
const logLines: string[] = [];
const app = createAdminApp({
  logger: createLogger('info', { write: (line) => void logLines.push(line) }),
  metrics: createMetrics(),
  newRequestId: () => 'id-1',
  monotonicNowMs: () => 0,
  openApi: createAdminOpenApiDocument('1.2.3', routes),
  api: { tokens: adminTokens, ...createAdminParts() },
  routes,
});

const ask = (method: 'put' | 'get', role: keyof typeof adminTokens) =>
  request(app)[method]('/admin/v1/things/x').set('Authorization', `Bearer ${adminTokens[role]}`);

test('a new action serves its role uncached, and rejects all others', async () => {
  const { status, body, headers } = await ask('put', 'operator').send({ size: 3 });
  expect([status, body]).toEqual([200, { size: 3, by: 'admin:operator', entries: 0 }]);
  expect(headers['cache-control']).toBe('no-store');
  expect((await ask('put', 'viewer').send({ size: 3 })).body.code).toBe('role_forbidden');
  expect((await request(app).put('/admin/v1/things/x').send({ size: 3 })).status).toBe(401);
});

test('checks its body against its schema, and rejects other methods', async () => {
  expect((await ask('put', 'operator').send({ size: 'x' })).body.code).toBe('invalid_request');
  const { status, headers } = await ask('get', 'viewer');
  expect([status, headers['allow']]).toEqual([405, 'PUT']);
});

test('is named by its pattern in log and metrics', async () => {
  await ask('put', 'operator').send({ size: 3 });
  expect(JSON.parse(logLines.at(-1) ?? '')).toMatchObject({ route: '/admin/v1/things/{id}', role: 'operator' });
  const { text } = await request(app).get('/metrics');
  expect(text).toContain('turn_router_request_duration_seconds_count{route="/admin/v1/things/{id}",status="200"}');
});

test('is in the OpenAPI document, with its tokens and the problems of its role and body', async () => {
  const { body } = await request(app).get('/openapi.json');
  expect(Object.keys(body.paths)).toEqual([
    ...new Set(adminRoutes.map(({ path }) => path)),
    '/admin/v1/things/{id}',
    '/metrics',
  ]);
  const { put } = body.paths['/admin/v1/things/{id}'];
  expect(put).toMatchObject({ security: [{ operator: [] }], requestBody: { required: true } });
  expect(Object.keys(put.responses)).toEqual(
    [200, 400, 401, 403, 408, 413, 415, 431, 500, 503].map((status) => `${status}`),
  );
});
