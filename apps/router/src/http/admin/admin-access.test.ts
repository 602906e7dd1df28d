import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { z } from 'zod';
import { adminRoles, mayActAs } from '../../callers/auth/admin-role.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { answer } from '../answer.ts';
import { createBareApp } from '../create-bare-app.ts';
import { withLocals } from '../locals.fixture.ts';
import { problemResponder } from '../middleware/problems.ts';
import { adminTokens, createTestApp, reporterToken, type TestApp } from '../../compose/test-app.fixture.ts';
import { adminRouter, type AdminRoute } from './admin-router.ts';
import { adminRoutes } from './admin-routes.ts';
import { createRoleCheck } from './require-role.ts';

/** Responds that the handler was reached. */
const reached: RequestHandler = (_req, res) => {
  answer(res, { status: 299 });
};

const things = {
  path: '/admin/v1/things/:id',
  operation: { summary: 'Things', answers: {} },
  createHandler: () => reached,
} as const;

/** Every route of the API and a PUT route, each with a stub handler. */
const routes: readonly AdminRoute<unknown>[] = [
  ...adminRoutes.map((route) => ({ ...route, createHandler: () => reached })),
  { ...things, method: 'post', role: 'operator', body: { schema: z.unknown(), required: true } },
  { ...things, method: 'get', role: 'viewer' },
];

/** Mounts the routes with tokens for these roles. */
function appFor(tokens: Parameters<typeof createRoleCheck>[0]) {
  const metrics = createMetrics();
  const app = createBareApp();
  app.use(withLocals);
  app.use(adminRouter(routes, undefined, createRoleCheck(tokens, metrics)));
  app.use(problemResponder(metrics));
  return { app, metrics };
}

const pathOf = ({ path }: AdminRoute<unknown>) => path.replaceAll(/:\w+/g, 'x');
const realm = 'Bearer realm="turn-router admin"';

const shown: readonly [who: string, authorization: string | undefined, role: 'viewer' | 'operator' | undefined][] = [
  ['nobody', undefined, undefined],
  ['another scheme', `Basic ${adminTokens.operator}`, undefined],
  ['an empty token', 'Bearer ', undefined],
  ['a wrong token', 'Bearer xx', undefined],
  ['the reporters’ token', `Bearer ${reporterToken}`, undefined],
  ['the beginning of a right one', `Bearer ${adminTokens.operator.slice(0, -1)}`, undefined],
  ['more than a right one', `Bearer ${adminTokens.operator}x`, undefined],
  ['two right ones', `Bearer ${adminTokens.viewer} ${adminTokens.operator}`, undefined],
  ['a viewer', `Bearer ${adminTokens.viewer}`, 'viewer'],
  ['an operator', `bearer ${adminTokens.operator}`, 'operator'],
];

describe('access to every route of the admin API', () => {
  const { app } = appFor(adminTokens);
  const table = routes.flatMap((route) =>
    shown.map(([who, authorization, role]) => ({ route, who, authorization, role })),
  );

  test.each(table)('$route.method $route.path by $who', async ({ route, authorization, role }) => {
    const asked = request(app)[route.method](pathOf(route));
    const { status, body, headers } = await (authorization === undefined
      ? asked
      : asked.set('Authorization', authorization));
    const allowed = role !== undefined && mayActAs(role, route.role);
    const expected = allowed ? 299 : role === undefined ? 401 : 403;
    expect(status).toBe(expected);
    expect(headers['cache-control']).toBe('no-store');
    expect(body.code).toBe({ 299: undefined, 401: body.code, 403: 'role_forbidden' }[expected]);
    expect(headers['www-authenticate']?.startsWith(realm) ?? false).toBe(!allowed);
  });

  test('routes that change something require the operator role', () => {
    expect(routes.filter(({ method, role }) => method !== 'get' && role !== 'operator')).toEqual([]);
  });
});

test('a rejection states what is missing, and is counted', async () => {
  const { app, metrics } = appFor(adminTokens);
  const ask = async (token?: string) => {
    const asked = request(app).post('/admin/v1/things/x');
    const { status, body, headers } = await (token === undefined
      ? asked
      : asked.set('Authorization', `Bearer ${token}`));
    return [status, body.code, body.detail, headers['www-authenticate']];
  };
  expect(await ask()).toEqual([401, 'unauthenticated', 'Authorization: Missing: expected "Bearer <token>"', realm]);
  expect(await ask('wrong')).toEqual([
    401,
    'invalid_token',
    'Authorization: The token is unknown to this router',
    `${realm}, error="invalid_token"`,
  ]);
  expect(await ask(adminTokens.viewer)).toEqual([
    403,
    'role_forbidden',
    'Authorization: This action requires the role operator, but the token has the role viewer',
    `${realm}, error="insufficient_scope", scope="operator"`,
  ]);
  const counts = (await metrics.text()).split('\n').filter((line) => line.startsWith('turn_router_admin_refusals'));
  expect(counts).toEqual(
    ['missing', 'wrong', 'role'].map((reason) => `turn_router_admin_refusals_total{reason="${reason}"} 1`),
  );
});

test.each(adminRoles)('with a token for %s alone the other role is nobody’s', async (role) => {
  const { app } = appFor({ viewer: undefined, operator: undefined, [role]: adminTokens[role] });
  for (const each of adminRoles) {
    const { status } = await request(app).get('/admin/v1/whoami').set('Authorization', `Bearer ${adminTokens[each]}`);
    expect(status).toBe(each === role ? 299 : 401);
  }
});

test('routes that change something accept JSON of up to 64 KiB from operators only', async () => {
  const { app } = appFor(adminTokens);
  const send = async (role: 'viewer' | 'operator', bytes: number, type = 'application/json') => {
    const asked = request(app).post('/admin/v1/things/x').set('Authorization', `Bearer ${adminTokens[role]}`);
    const { status, body } = await asked.set('Content-Type', type).send(`"${'x'.repeat(bytes - 2)}"`);
    return [status, body.detail];
  };
  expect(await send('operator', 65_536)).toEqual([299, undefined]);
  expect(await send('operator', 65_537)).toEqual([413, 'The body is too large: expected at most 65536 bytes']);
  expect(await send('operator', 9, 'text/plain')).toEqual([415, 'Content-Type: expected application/json']);
  expect((await send('viewer', 65_537))[0]).toBe(403);
});

test('Allow is sent only to requests with a valid token', async () => {
  const { app } = appFor(adminTokens);
  const ask = () => request(app).delete('/admin/v1/things/x');
  expect((await ask()).status).toBe(401);
  const { status, headers } = await ask().set('Authorization', `Bearer ${adminTokens.viewer}`);
  expect([status, headers['allow']]).toEqual([405, 'POST, GET, HEAD']);
});

describe('the admin listener', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  test.each(adminRoles)('tells who it takes a caller for: %s', async (role) => {
    const { status, body, headers } = await request(app.adminApp)
      .get('/admin/v1/whoami')
      .set('Authorization', `Bearer ${adminTokens[role]}`);
    expect([status, body]).toEqual([200, { role }]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    });
    expect(headers).not.toHaveProperty('etag');
  });

  test('logs the network of a wrong token, but not the token', async () => {
    await request(app.adminApp)
      .get('/admin/v1/whoami')
      .set('Authorization', `Bearer ${adminTokens.operator}?`)
      .expect(401);
    await request(app.adminApp).get('/admin/v1/audit').set('Authorization', `Bearer ${adminTokens.viewer}`).expect(200);
    expect(app.logLines().slice(-2)).toMatchObject([
      { route: '/admin/v1/whoami', status: 401, code: 'invalid_token', network: '127.0.0.0/24' },
      { route: '/admin/v1/audit', status: 200, role: 'viewer' },
    ]);
    expect(await app.findLeaks()).toEqual([]);
  });

  test('serves metrics but no admin API without configured tokens', async () => {
    await using closed = await createTestApp({ adminTokens: null });
    for (const { path } of adminRoutes) {
      const asked = request(closed.adminApp).get(path).set('Authorization', `Bearer ${adminTokens.operator}`);
      expect((await asked).status).toBe(404);
    }
    await request(closed.adminApp).get('/metrics').expect(200);
  });

  test('does not serve the admin API on the public listener', async () => {
    const asked = request(app.publicApp).get('/admin/v1/whoami').set('Authorization', `Bearer ${adminTokens.operator}`);
    expect((await asked).status).toBe(404);
  });
});
