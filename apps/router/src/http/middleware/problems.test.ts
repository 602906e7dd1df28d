import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problemSchema } from '@turn-router/contract/http';
import request from 'supertest';
import { createTestApp, reporterToken, type TestApp } from '../../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

const json = 'application/json';

describe('a path that does not exist', () => {
  test.each([
    ['get', '/'],
    ['get', '/v1'],
    ['post', '/v1/ice-server'],
    ['post', '/v1/ice-servers/'],
    ['get', '/v1/region/eu-central-1'],
    ['put', '/v1/nodes/eu-central-1'],
    ['get', '/livez/'],
    ['get', '/metrics'],
    ['get', '/docs/show.js/x'],
    ['get', '/docs/package.json'],
    ['get', '/docs/%'],
    ['post', '/docs/%'],
    ['get', '/docs/..%2f..%2fpackage.json'],
    ['get', '//livez'],
    ['get', '/%'],
    ['get', '/%2e%2e/livez'],
    ['get', `/${'x'.repeat(5000)}`],
  ] as const)('%s %s', async (method, path) => {
    const { status, headers, body } = await request(app.publicApp)[method](path);
    expect(status).toBe(404);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(body).toEqual({
      type: 'urn:turn-router:problem:not_found',
      title: 'The path does not exist',
      status: 404,
      detail: 'This path does not exist. For all routes, see /openapi.json',
      code: 'not_found',
      requestId: headers['x-request-id'],
    });
  });
});

describe('an unsupported method', () => {
  test.each([
    ['get', '/v1/ice-servers', 'POST'],
    ['put', '/v1/ice-servers', 'POST'],
    ['delete', '/v1/ice-servers', 'POST'],
    ['post', '/v1/region', 'GET, HEAD'],
    ['post', '/coturn', 'GET, HEAD'],
    ['delete', '/livez', 'GET, HEAD'],
    ['post', '/readyz', 'GET, HEAD'],
    ['post', '/openapi.json', 'GET, HEAD'],
  ] as const)('%s %s: only %s', async (method, path, allowed) => {
    const { status, headers, body } = await request(app.publicApp)[method](path);
    expect([status, headers['allow']]).toEqual([405, allowed]);
    expect(body).toEqual({
      type: 'urn:turn-router:problem:method_not_allowed',
      title: 'The path does not support this method',
      status: 405,
      detail: `${method.toUpperCase()} is not supported here: expected ${allowed.replace(', ', ' or ')}`,
      code: 'method_not_allowed',
      requestId: headers['x-request-id'],
    });
  });
});

const post = () => request(app.publicApp).post('/v1/ice-servers');
const padded = (bytes: number) => `{"userId":"alice"}${' '.repeat(bytes - 18)}`;
const asJson = (text: string) => post().set('Content-Type', json).send(text);

describe('a rejected body', () => {
  test('4096 bytes are accepted; 4097 bytes and a megabyte are not', async () => {
    expect((await asJson(padded(4096))).status).toBe(200);
    for (const bytes of [4097, 1_000_000]) {
      const { status, body } = await asJson(padded(bytes));
      expect(status).toBe(413);
      expect(body).toMatchObject({
        code: 'body_too_large',
        detail: 'The body is too large: expected at most 4096 bytes',
      });
    }
  });

  test('a large body without Content-Length is rejected too', async () => {
    const call = post().set('Content-Type', json).set('Transfer-Encoding', 'chunked');
    call.write(padded(3000));
    call.write(' '.repeat(3000));
    expect((await call).status).toBe(413);
  });

  test.each([
    ['text/plain', '{}', 'Content-Type: expected application/json'],
    ['application/x-www-form-urlencoded', 'userId=alice', 'Content-Type: expected application/json'],
    ['multipart/form-data; boundary=x', '--x--', 'Content-Type: expected application/json'],
    ['application/jsonp', '{}', 'Content-Type: expected application/json'],
    ['garbage', '{}', 'Content-Type: expected application/json'],
    ['application/json; charset=latin1', '{}', 'charset: expected utf-8'],
  ])('has the type %s', async (type, text, detail) => {
    const { status, body } = await post().set('Content-Type', type).send(text);
    expect(status).toBe(415);
    expect(body).toMatchObject({ code: 'unsupported_media_type', detail });
  });

  test('has no type', async () => {
    const call = post().set('Content-Length', '2');
    call.write('{}');
    expect((await call).status).toBe(415);
  });

  test.each(['gzip', 'deflate', 'br', 'zstd', 'x'])('in the encoding %s', async (encoding) => {
    const call = post().set('Content-Type', json).set('Content-Encoding', encoding);
    const { status, body } = await call.send('{}');
    expect(status).toBe(415);
    expect(body).toMatchObject({
      code: 'unsupported_media_type',
      detail: 'Content-Encoding: expected an uncompressed body',
    });
  });

  test.each(['{', '{"userId":}', '{}{}', "{'userId':1}", 'undefined', 'NaN', ' ', '{"a":1,}', '[['.repeat(20)])(
    'is not JSON: %j',
    async (text) => {
      const { status, body } = await asJson(text);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'invalid_request', detail: 'The body is not valid JSON' });
      expect(body).not.toHaveProperty('errors');
    },
  );
});

test('a path that cannot be decoded is rejected', async () => {
  const { status, body } = await request(app.publicApp)
    .put('/v1/nodes/%/x')
    .set('Authorization', `Bearer ${reporterToken}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'invalid_request', detail: 'The path or the body cannot be decoded' });
});

test('the cause of an unexpected error is only logged', async () => {
  await using broken = await createTestApp({
    geo: {
      locate() {
        throw new TypeError('the table of places is upside down');
      },
    },
  });
  for (const call of [request(broken.publicApp).post('/v1/ice-servers'), request(broken.publicApp).get('/v1/region')]) {
    const { status, headers, body, text } = await call;
    expect(status).toBe(500);
    expect(body).toEqual({
      type: 'urn:turn-router:problem:internal_error',
      title: 'The router failed',
      status: 500,
      detail: 'The router failed. Its log has the cause, with the id of this request',
      code: 'internal_error',
      requestId: headers['x-request-id'],
    });
    expect(text).not.toMatch(/upside|TypeError|\.ts|at /);
    expect(broken.logLines().filter(({ requestId }) => requestId === headers['x-request-id'])).toEqual([
      expect.objectContaining({
        level: 50,
        event: 'request.failed',
        status: 500,
        code: 'internal_error',
        err: expect.objectContaining({
          type: 'TypeError',
          message: 'the table of places is upside down',
          stack: expect.stringContaining('locate'),
        }),
      }),
    ]);
  }
  expect((await request(broken.publicApp).get('/livez')).status).toBe(200);
  expect(await broken.findLeaks()).toEqual([]);
});

test('every problem matches the contract and carries the id of its header', async () => {
  for (const path of ['/nothing', '/v1/ice-servers', '/%', '/v1/nodes/a/b']) {
    const { headers, body } = await request(app.publicApp).get(path);
    expect(problemSchema.parse(body).requestId).toBe(headers['x-request-id']);
  }
});

test('an expected problem is not logged as an error', async () => {
  const { headers } = await request(app.publicApp).get('/nothing?userId=alice');
  expect(app.logLines().filter(({ requestId }) => requestId === headers['x-request-id'])).toEqual([
    expect.objectContaining({ level: 30, event: 'request.answered', route: '(none)', status: 404, code: 'not_found' }),
  ]);
});

test('no log line, error or metric contains a secret or a name', async () => {
  expect(await app.findLeaks()).toEqual([]);
});
