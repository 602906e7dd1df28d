import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { iceServersAnswerSchema } from '@turn-router/contract/http';
import request, { type Test } from 'supertest';
import { createApiKeyCallers } from '../callers/auth/api-keys/api-key-callers.ts';
import { createAuthenticator } from '../callers/auth/authenticate.ts';
import { apiKeyRecords, apiKeys, callers, createTestApp, type TestApp } from '../compose/test-app.fixture.ts';

/** Anonymous callers and API keys. */
let open: TestApp;
/** API keys alone. */
let closed: TestApp;
beforeAll(async () => {
  const keys = createApiKeyCallers({ nowMs: Date.now });
  keys.use(new Map(apiKeyRecords));
  open = await createTestApp();
  closed = await createTestApp({
    authentication: {
      authenticate: createAuthenticator({ anonymous: false, apiKeys: keys, verifyJwt: undefined }),
      isOriginOfKey: keys.hasOrigin,
    },
  });
});
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
});

const paths = [
  ['post', '/v1/ice-servers'],
  ['get', '/v1/region'],
  ['get', '/coturn'],
] as const;

const withKey = (call: Test, key: keyof typeof apiKeys) => call.set('Authorization', `Bearer ${apiKeys[key]}`);

describe('with required authentication', () => {
  test.each(paths)('%s %s rejects requests without a token, and serves those with one', async (method, path) => {
    const refused = await request(closed.publicApp)[method](path);
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
    expect(refused.headers).toMatchObject({
      'www-authenticate': 'Bearer realm="turn-router"',
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect((await withKey(request(closed.publicApp)[method](path), 'web')).status).toBe(200);
  });

  test.each(paths)('%s %s is refused with a wrong one, also where none is needed', async (method, path) => {
    const wrong = `Bearer ${apiKeys.web.slice(0, -2)}AA`;
    for (const app of [open, closed]) {
      const { status, body } = await request(app.publicApp)[method](path).set('Authorization', wrong);
      expect([status, body.code]).toEqual([401, 'invalid_token']);
    }
  });

  test.each(['/livez', '/readyz', '/openapi.json', '/docs/'])('%s is for everybody', async (path) => {
    expect((await request(closed.publicApp).get(path)).status).toBe(200);
  });

  test('does not read the body of an unauthenticated caller', async () => {
    const { status } = await request(closed.publicApp)
      .post('/v1/ice-servers')
      .set('Content-Type', 'application/json')
      .send('x'.repeat(100_000));
    expect(status).toBe(401);
  });

  test('reports an unsupported method without authentication', async () => {
    expect((await request(closed.publicApp).get('/v1/ice-servers')).status).toBe(405);
  });
});

const ask = (body: object) => withKey(request(closed.publicApp).post('/v1/ice-servers').send(body), 'narrow');

describe('the scope of an API key', () => {
  test('limits every caller to the regions of the key', async () => {
    const { body } = await ask({}).set('X-Forwarded-For', callers.london);
    expect(iceServersAnswerSchema.parse(body)).toMatchObject({ region: 'us-east-1', ttlSeconds: 1800 });
    const region = await withKey(request(closed.publicApp).get('/v1/region'), 'narrow').set(
      'X-Forwarded-For',
      callers.london,
    );
    expect(region.body).toEqual({ region: 'us-east-1', reason: 'token', fallbacks: [] });
    const coturn = await withKey(request(closed.publicApp).get('/coturn'), 'narrow').set(
      'X-Forwarded-For',
      callers.london,
    );
    expect(coturn.body).toMatchObject({ turn_server: '192.0.2.60' });
  });

  test.each([
    [{ requireRegion: 'eu-central-1' }, 403, 'region_forbidden'],
    [{ ttlSeconds: 119 }, 400, 'invalid_request'],
    [{ ttlSeconds: 1801 }, 400, 'invalid_request'],
  ])('rejects %j as out of scope', async (body, status, code) => {
    const answer = await ask(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('never falls back to a region outside the scope', async () => {
    const { body } = await ask({ preferRegion: 'eu-central-1', excludeNodes: ['us-east-1/node-01'] });
    expect(body.code).toBe('no_relay_available');
  });
});

describe('the origins of an API key', () => {
  const narrow = 'https://narrow.example.org';
  const app = 'https://app.example.org';
  const evil = 'https://evil.example.org';

  test.each<[key: keyof typeof apiKeys | undefined, origin: string, status: number, isReadable: boolean]>([
    ['narrow', narrow, 200, true],
    ['narrow', app, 403, false],
    ['narrow', evil, 403, false],
    ['narrow', 'null', 403, false],
    ['web', app, 200, true],
    ['web', narrow, 200, false],
    ['web', evil, 200, false],
    [undefined, app, 200, true],
    [undefined, narrow, 200, false],
    [undefined, evil, 200, false],
  ])('key %s at %s: %d, readable: %s', async (key, origin, expected, isReadable) => {
    for (const [method, path] of paths) {
      const call = request(open.publicApp)[method](path).set('Origin', origin);
      const { status, headers } = await (key === undefined ? call : withKey(call, key));
      expect([status, headers['vary']]).toEqual([expected, 'Origin']);
      expect(headers['access-control-allow-origin']).toBe(isReadable ? origin : undefined);
    }
  });

  test.each<[origin: string, isReadable: boolean]>([
    ['https://a.example.com', true],
    ['https://a.b.example.com', true],
    ['capacitor://localhost', true],
    ['https://example.com', false],
    ['https://a.example.com.evil.org', false],
    ['ionic://localhost', false],
  ])('with wildcards and app schemes, %s may read: %s', async (origin, isReadable) => {
    const origins = ['https://*.example.com', 'capacitor://localhost'];
    const keys = createApiKeyCallers({ nowMs: () => 0 });
    keys.use(new Map([['narrow', { ...new Map(apiKeyRecords).get('narrow'), secrets: [], origins }]]));
    await using ofSettings = await createTestApp({ corsOrigins: origins });
    await using ofKey = await createTestApp({
      authentication: {
        authenticate: createAuthenticator({ anonymous: true, apiKeys: keys, verifyJwt: undefined }),
        isOriginOfKey: keys.hasOrigin,
      },
    });
    const preflight = ({ publicApp }: TestApp) =>
      request(publicApp).options('/v1/ice-servers').set({ Origin: origin, 'Access-Control-Request-Method': 'POST' });
    const get = request(ofSettings.publicApp).get('/v1/region').set('Origin', origin);
    for (const call of [get, preflight(ofSettings), preflight(ofKey)]) {
      expect((await call).headers['access-control-allow-origin']).toBe(isReadable ? origin : undefined);
    }
  });

  test('accepts a key with origins from a program that sends no Origin', async () => {
    expect((await withKey(request(open.publicApp).get('/v1/region'), 'narrow')).status).toBe(200);
  });

  test.each([
    [narrow, narrow],
    [app, app],
    [evil, undefined],
  ])('the preflight of %s is allowed: %s', async (origin, allowed) => {
    const { status, headers } = await request(open.publicApp)
      .options('/v1/ice-servers')
      .set('Origin', origin)
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'authorization,content-type');
    expect([status, headers['access-control-allow-origin']]).toEqual([204, allowed]);
  });
});

test('no log line, error or metric contains a key', async () => {
  expect([...(await open.findLeaks()), ...(await closed.findLeaks())]).toEqual([]);
});
