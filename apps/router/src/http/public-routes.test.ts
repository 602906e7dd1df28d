import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { answerJson } from './answer.ts';
import { parseInput } from './input.ts';
import { json } from './openapi/operation.ts';
import { callerRoute, type Access, type PublicRoute } from './public-route.ts';
import { publicRoutes, type PublicRouteParts } from './public-routes.ts';
import { apiKeys, callers, createTestApp, policy, type TestApp } from '../compose/test-app.fixture.ts';

const greetingSchema = z.strictObject({ words: z.string().default('hello') });

/** A new route needs no more than this. */
const greetingRoute = callerRoute({
  method: 'put',
  path: '/v1/greetings/:name',
  body: { schema: greetingSchema, required: true },
  operation: {
    summary: 'Greets',
    params: z.object({ name: z.string() }),
    answers: { 200: { description: 'Greeting', content: json(greetingSchema) } },
    problems: ['unknown_region'],
  },
  readRequest: ({ body }) => parseInput(greetingSchema, body),
  createAnswer:
    ({ routing }: Pick<PublicRouteParts, 'routing'>) =>
    (res, { user }, { words }) =>
      answerJson(res, { words, user, region: routing.policy().defaultRegion }),
});

const routes: readonly PublicRoute<PublicRouteParts>[] = [...publicRoutes, greetingRoute];
const pathOf = ({ path }: PublicRoute<never>) => path.replaceAll(/:\w+/g, 'x');
const page = 'https://app.example.org';
const greeting = '/v1/greetings/ann';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ routes });
});
beforeEach(async () => {
  app.routing.usePolicy(policy);
  await app.revoke(new Map());
});
afterAll(async () => app[Symbol.asyncDispose]());

const ask = (method: 'get' | 'post' | 'put' | 'delete' | 'options', path: string) =>
  request(app.publicApp)[method](path).set('X-Forwarded-For', callers.london).set('Origin', page);

describe('a new route in the table', () => {
  test('serves callers with its dependencies', async () => {
    const { status, body } = await ask('put', greeting).send({ words: 'good day' });
    expect([status, body]).toEqual([
      200,
      { words: 'good day', user: `address:${callers.london}/32`, region: 'us-east-1' },
    ]);
  });

  test('is in the OpenAPI document with its access, its body and their problems', async () => {
    const { body } = await ask('get', '/openapi.json');
    const { put } = body.paths['/v1/greetings/{name}'];
    expect(put).toMatchObject({
      tags: ['For callers'],
      summary: 'Greets',
      security: [{ apiKey: [] }, { jwt: [] }, {}],
      requestBody: { required: true },
    });
    expect(Object.keys(put.responses[200].headers)).toEqual(['RateLimit-Policy', 'RateLimit']);
    expect(put.responses[400].description).toBe('unknown_region, invalid_request');
    expect(Object.keys(put.responses)).toEqual(
      [200, 400, 401, 403, 408, 413, 415, 429, 431, 500, 503].map((status) => `${status}`),
    );
  });

  test('permits the preflight of pages', async () => {
    const asked = await ask('options', greeting).set('Access-Control-Request-Method', 'PUT');
    expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, page]);
    expect(asked.headers['access-control-allow-methods']).toBe('GET,POST,PUT');
    const answered = await ask('put', greeting);
    expect(answered.headers).toMatchObject({ 'access-control-allow-origin': page, vary: 'Origin' });
    const below = await ask('put', `${greeting}/x`);
    expect([below.status, below.headers['access-control-allow-origin']]).toEqual([404, page]);
  });

  test('rejects other methods and lists its own', async () => {
    const { status, headers, body } = await ask('get', greeting);
    expect([status, headers['allow'], headers['access-control-allow-origin']]).toEqual([405, 'PUT', page]);
    expect(body.detail).toBe('GET is not supported here: expected PUT');
  });

  test('is named by its pattern in log and metrics', async () => {
    await ask('put', greeting).expect(200);
    expect(app.logLines().at(-1)).toMatchObject({ route: '/v1/greetings/{name}', method: 'PUT', status: 200 });
    const { text } = await request(app.adminApp).get('/metrics');
    expect(text).toContain('turn_router_request_duration_seconds_count{route="/v1/greetings/{name}",status="200"}');
    expect(text).not.toContain(greeting);
  });

  test('accepts only JSON that matches its schema', async () => {
    const refused = await ask('put', greeting).send({ word: 1 });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
    const other = await ask('put', greeting).set('Content-Type', 'text/plain').send('x');
    expect([other.status, other.body.code]).toEqual([415, 'unsupported_media_type']);
  });
});

const withAccess = (access: Access) => routes.filter((route) => route.access === access);

describe.each(withAccess('caller'))('$method $path, as every route for callers,', (route) => {
  const call = () => ask(route.method, pathOf(route));

  test('rejects an invalid token', async () => {
    const { status, body, headers } = await call().set('Authorization', 'Bearer tr_wrong');
    expect([status, body.code]).toEqual([401, 'invalid_token']);
    expect(headers['access-control-allow-origin']).toBe(page);
  });

  test('counts against the rate limits', async () => {
    app.routing.usePolicy({ ...policy, limits: { ...policy.limits, perAddressPerMinute: 1 } });
    app.monotonicClock.advance(600_000);
    expect((await call()).headers['ratelimit-policy']).toBe('"address";q=1;w=60');
    expect((await call()).body.code).toBe('rate_limited');
  });

  test.each([
    [`address:${callers.london}/32`, undefined],
    ['key:web', apiKeys.web],
  ])('rejects %s when revoked', async (subject, key) => {
    await app.revoke(new Map([[subject, { at_ms: 0, turn_users: [] }]]));
    const asked = await (key === undefined ? call() : call().set('Authorization', `Bearer ${key}`));
    expect([asked.status, asked.body.code]).toEqual([403, 'revoked']);
  });
});

test.each(withAccess('reporter'))('$method $path needs the reporters’ token', async (route) => {
  const { status, body } = await ask(route.method, pathOf(route)).set('Authorization', `Bearer ${apiKeys.web}`);
  expect([status, body.code]).toEqual([401, 'unauthorized']);
});

test.each(withAccess('open'))('$method $path is open, but not to pages', async (route) => {
  const { status, headers } = await ask(route.method, pathOf(route));
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty('access-control-allow-origin');
});

test('all routes of a path have the same access', () => {
  const accesses = new Map(routes.map(({ path, access }) => [path, access]));
  expect(routes.filter(({ path, access }) => accesses.get(path) !== access)).toEqual([]);
});
