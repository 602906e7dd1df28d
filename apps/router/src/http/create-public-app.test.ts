import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createTestApp, type TestApp } from '../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

describe('every response', () => {
  test.each([
    ['post', '/v1/ice-servers', 200],
    ['get', '/v1/region', 200],
    ['get', '/coturn', 200],
    ['get', '/livez', 200],
    ['get', '/readyz', 200],
    ['get', '/openapi.json', 200],
    ['get', '/docs/', 200],
    ['get', '/nothing', 404],
    ['get', '/v1/ice-servers', 405],
    ['put', '/v1/nodes/eu-central-1/node-01', 401],
  ] as const)(
    '%s %s has a request id and security headers, but no ETag and no X-Powered-By',
    async (method, path, expected) => {
      const { status, headers } = await request(app.publicApp)[method](path).set('X-Request-Id', 'mine');
      expect(status).toBe(expected);
      expect(headers['x-request-id']).toMatch(/^id-\d+$/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers['content-security-policy']).toContain("script-src 'self'");
    },
  );

  test.each(['/v1/region', '/coturn', '/livez', '/readyz', '/openapi.json'])(
    '%s ignores If-None-Match',
    async (path) => {
      const { status, text } = await request(app.publicApp).get(path).set('If-None-Match', '*');
      expect([status, text.slice(0, 1)]).toEqual([200, '{']);
    },
  );

  test('has a unique id', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await request(app.publicApp).get('/livez')).headers['x-request-id']),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

const preflight = (origin: string) =>
  request(app.publicApp)
    .options('/v1/ice-servers')
    .set('Origin', origin)
    .set('Access-Control-Request-Method', 'POST')
    .set('Access-Control-Request-Headers', 'content-type');

describe('pages of other origins', () => {
  const paths = [
    ['post', '/v1/ice-servers'],
    ['get', '/v1/region'],
    ['get', '/coturn'],
  ] as const;

  test.each(paths)('%s %s is readable for an allowed origin', async (method, path) => {
    const { status, headers } = await request(app.publicApp)[method](path).set('Origin', 'https://app.example.org');
    expect([status, headers['access-control-allow-origin'], headers['vary']]).toEqual([
      200,
      'https://app.example.org',
      'Origin',
    ]);
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test.each(paths)('a problem of %s %s is readable for an allowed origin', async (_method, path) => {
    const { status, headers } = await request(app.publicApp).delete(path).set('Origin', 'https://app.example.org');
    expect([status, headers['access-control-allow-origin']]).toEqual([405, 'https://app.example.org']);
  });

  test.each(['https://evil.example.org', 'http://app.example.org', 'https://app.example.org.evil.org', 'null'])(
    '%s may not read responses, which carry Vary: Origin',
    async (origin) => {
      for (const [method, path] of paths) {
        const { headers } = await request(app.publicApp)[method](path).set('Origin', origin);
        expect(headers).not.toHaveProperty('access-control-allow-origin');
        expect(headers['vary']).toBe('Origin');
      }
    },
  );

  test('an allowed origin can read a 404, and its preflight succeeds', async () => {
    for (const path of ['/v1/ice-servers/', '/v1/region/x', '/coturn/']) {
      const answer = await request(app.publicApp).get(path).set('Origin', 'https://app.example.org');
      expect([answer.status, answer.headers['vary'], answer.headers['access-control-allow-origin']]).toEqual([
        404,
        'Origin',
        'https://app.example.org',
      ]);
      const asked = await request(app.publicApp).options(path).set('Origin', 'https://app.example.org');
      expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, 'https://app.example.org']);
    }
  });

  test('the preflight of an allowed origin permits JSON', async () => {
    const { status, headers } = await preflight('https://app.example.org');
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.org',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    });
    expect(headers['access-control-allow-methods']).toContain('POST');
  });

  test('the preflight of another origin is not permitted', async () => {
    expect((await preflight('https://evil.example.org')).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('no origin is allowed without CORS_ORIGINS', async () => {
    await using closed = await createTestApp({ corsOrigins: [] });
    for (const origin of ['https://app.example.org', 'null']) {
      const { headers } = await request(closed.publicApp).get('/v1/region').set('Origin', origin);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('node reports and health checks are not readable for any origin', async () => {
    for (const path of ['/v1/nodes/eu-central-1/node-01', '/livez', '/openapi.json']) {
      const { headers } = await request(app.publicApp).get(path).set('Origin', 'https://app.example.org');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
