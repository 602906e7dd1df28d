import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request, { type Response } from 'supertest';
import { createAuthenticator } from '../callers/auth/authenticate.ts';
import { adminTokens, apiKeys, createTestApp, policy, type TestApp } from '../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

const key = apiKeys.web;

/** Returns the code and the detail. @throws Error if the answer shows the key */
function refusalOf({ status, body, text }: Response): [status: number, code: unknown, detail: unknown] {
  if (text.includes(key)) throw new Error('the answer shows the key');
  return [status, body.code, body.detail];
}

describe('an API key in the wrong place', () => {
  test.each([
    ['X-API-Key', key],
    ['Authorization', key],
    ['Authorization', `Basic ${Buffer.from(`api:${key}`).toString('base64')}`],
  ])('in %s is refused, although anonymous callers are allowed', async (field, value) => {
    for (const call of [
      request(app.publicApp).post('/v1/ice-servers'),
      request(app.publicApp).get('/v1/region'),
      request(app.publicApp).get('/coturn'),
    ]) {
      expect(refusalOf(await call.set(field, value))).toEqual([
        401,
        'unauthenticated',
        expect.stringContaining('send "Authorization: Bearer <API key>"'),
      ]);
    }
  });

  test.each(['key', 'apiKey', 'api_key'])('in ?%s= is refused', async (name) => {
    for (const path of ['/v1/region', '/coturn']) {
      const answer = await request(app.publicApp)
        .get(path)
        .query({ [name]: key });
      expect(refusalOf(answer)).toEqual([
        401,
        'unauthenticated',
        expect.stringContaining('The query: The API key does not belong here'),
      ]);
    }
  });

  test('at the admin API is refused with a hint', async () => {
    const answer = await request(app.adminApp).get('/admin/v1/whoami').set('Authorization', `Bearer ${key}`);
    expect(refusalOf(answer)).toEqual([
      401,
      'invalid_token',
      expect.stringContaining('the admin API expects an admin token'),
    ]);
  });

  test('as a reporter token is refused with a hint', async () => {
    const answer = await request(app.publicApp)
      .put('/v1/nodes/eu-central-1/node-01')
      .set('Authorization', `Bearer ${key}`);
    expect(refusalOf(answer)).toEqual([
      401,
      'unauthorized',
      expect.stringContaining('An API key does not belong here'),
    ]);
  });

  test('a refusal counts for the limit of the address', async () => {
    await using limited = await createTestApp();
    limited.routing.usePolicy({ ...policy, limits: { ...policy.limits, perAddressPerMinute: 1 } });
    const ask = () => request(limited.publicApp).get('/v1/region').set('X-API-Key', key);
    expect([(await ask()).status, (await ask()).status]).toEqual([401, 429]);
  });
});

const verifyJwt = () => Promise.reject(new Error('expected no JWT in its place'));

describe('a JWT in the wrong place', () => {
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA';
  let mixed: TestApp;
  beforeAll(async () => {
    mixed = await createTestApp({
      authentication: {
        authenticate: createAuthenticator({ anonymous: true, apiKeys: undefined, verifyJwt }),
        isOriginOfKey: () => false,
      },
    });
  });
  afterAll(async () => mixed[Symbol.asyncDispose]());

  test.each<[field: string, value: string]>([
    ['Authorization', `Bearer${jwt}`],
    ['Authorization', `OAuth oauth_token="${jwt}"`],
    ['Authorization', `Token ${jwt};`],
    ['Token', jwt],
  ])('in %s: %s is refused, although anonymous callers are allowed', async (field, value) => {
    const { status, body } = await request(mixed.publicApp).get('/v1/region').set(field, value);
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });
});

test.each([
  ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA'],
  ['an admin token', adminTokens.operator],
])('%s where only API keys are accepted is refused with what is expected', async (_, token) => {
  const { status, body, text } = await request(app.publicApp).get('/v1/region').set('Authorization', `Bearer ${token}`);
  expect([status, body.code]).toEqual([401, 'invalid_token']);
  expect(body.detail).toContain('expected an API key such as tr_<id>_<secret>');
  expect(text).not.toContain(token);
});
