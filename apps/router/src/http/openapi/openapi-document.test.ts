import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  coturnAnswerSchema,
  fieldFaultSchema,
  iceServersAnswerSchema,
  iceServersRequestSchema,
  problemSchema,
  regionAnswerSchema,
} from '@turn-router/contract/http';
import { nodeReportSchema } from '@turn-router/contract/registry';
import request, { type Test } from 'supertest';
import { z } from 'zod';
import {
  apiKeys,
  createTestApp,
  figures,
  policy,
  reporterToken,
  type TestApp,
} from '../../compose/test-app.fixture.ts';
import { createOpenApiDocument } from './openapi-document.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const document: Json = JSON.parse(JSON.stringify(createOpenApiDocument('1.2.3')));

/** Returns the value at a path of the document, else undefined. */
function at(...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
        ? value[key]
        : undefined,
    document,
  );
}

const pathOf = (reference: string) => reference.replace(/^#\//, '').split('/');
const keysOf = (value: Json | undefined) => Object.keys(value ?? {}).toSorted();

/** Returns every string under this key, anywhere in the document. */
function textsUnder(key: string, value: Json = document): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    name === key && typeof item === 'string' ? [item] : textsUnder(key, item),
  );
}

/** Returns the schema with every reference resolved. */
function dereferenced(schema: Json | undefined): z.core.JSONSchema.JSONSchema {
  return JSON.parse(JSON.stringify(schema ?? {}), (_key, value) =>
    typeof value?.$ref === 'string' ? dereferenced(at(...pathOf(value.$ref))) : value,
  );
}

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

describe('the document', () => {
  test('is OpenAPI 3.1 of this version', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'turn-router', version: '1.2.3' } });
  });

  test('is what /openapi.json serves', async () => {
    const { status, headers, body } = await request(app.publicApp).get('/openapi.json');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual(document);
  });

  test('contains no dangling reference', () => {
    const references = textsUnder('$ref');
    expect(references).toContain('#/components/schemas/IceServersAnswer');
    expect(references.filter((reference) => at(...pathOf(reference)) === undefined)).toEqual([]);
    expect(at('paths', '/v1/nodes/{region}/{id}', 'put', 'security')).toEqual([{ reporterToken: [] }]);
    expect(at('paths', '/v1/nodes/{region}/{id}', 'delete', 'security')).toEqual([{ reporterToken: [] }]);
    for (const [path, method] of [
      ['/v1/ice-servers', 'post'],
      ['/v1/region', 'get'],
      ['/coturn', 'get'],
    ] as const) {
      expect(at('paths', path, method, 'security')).toEqual([{ apiKey: [] }, { jwt: [] }, {}]);
    }
    expect(keysOf(at('components', 'securitySchemes'))).toEqual(['apiKey', 'jwt', 'reporterToken']);
    expect(at('components', 'securitySchemes', 'reporterToken')).toEqual({ type: 'http', scheme: 'bearer' });
  });

  test('describes every route of the app except /openapi.json and /docs', () => {
    const routes = app.express.router.stack.flatMap(({ route }) => {
      if (route === undefined) return [];
      const methods = route.stack.map(({ method }) => method).filter((method) => method !== undefined);
      return [...new Set(methods)].map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
    });
    const described = keysOf(at('paths')).flatMap((path) =>
      keysOf(at('paths', path)).map((method) => `${method} ${path}`),
    );
    expect([...described, 'get /openapi.json'].toSorted()).toEqual(routes.toSorted());
  });

  test('describes every operation and each of its responses', () => {
    for (const path of keysOf(at('paths'))) {
      for (const method of keysOf(at('paths', path))) {
        expect([path, method, at('paths', path, method, 'summary')]).toEqual([
          path,
          method,
          expect.stringMatching(/\S/),
        ]);
        for (const status of keysOf(at('paths', path, method, 'responses'))) {
          expect(at('paths', path, method, 'responses', status, 'description')).toMatch(/\S/);
        }
      }
    }
  });

  test('contains only patterns that all JSON Schema implementations interpret alike', () => {
    const patterns = textsUnder('pattern');
    expect(patterns).toContain('^[a-z0-9][a-z0-9-]{0,62}$');
    expect(patterns.filter((pattern) => /\\p|\/[a-z]*$/.test(pattern))).toEqual([]);
  });

  test.each([
    ['CoturnAnswer', coturnAnswerSchema],
    ['IceServersRequest', iceServersRequestSchema],
    ['IceServersAnswer', iceServersAnswerSchema],
    ['RegionAnswer', regionAnswerSchema],
    ['NodeReport', nodeReportSchema],
    ['Problem', problemSchema],
    ['FieldFault', fieldFaultSchema],
  ])('gives a valid example of %s', (name, schema) => {
    const example = at('components', 'schemas', name, 'example');
    expect(schema.parse(example)).toEqual(example);
    const described = z.fromJSONSchema(dereferenced(at('components', 'schemas', name)));
    expect(described.parse(example)).toEqual(example);
  });
});

const node = '/v1/nodes/eu-central-1/node-01';
const report = { ...figures, public_ip: '192.0.2.50' };
const reporting = (call: Test) => call.set('Authorization', `Bearer ${reporterToken}`);
const asNarrow = (call: Test) => call.set('Authorization', `Bearer ${apiKeys.narrow}`);
const post = () => request(app.publicApp).post('/v1/ice-servers');
const put = () => request(app.publicApp).put(node);

describe('actual responses match the document', () => {
  test.each<[path: string, status: number, call: () => Test]>([
    ['/v1/ice-servers', 200, () => post().send({ maxNodes: 2 })],
    ['/v1/ice-servers', 400, () => post().send({ ttlSeconds: 'x' })],
    ['/v1/ice-servers', 400, () => post().send({ requireRegion: 'nowhere-1' })],
    ['/v1/ice-servers', 401, () => post().set('Authorization', 'Bearer wrong')],
    ['/v1/ice-servers', 403, () => asNarrow(post()).send({ requireRegion: 'eu-central-1' })],
    ['/v1/ice-servers', 413, () => post().send({ userId: 'x'.repeat(5000) })],
    ['/v1/ice-servers', 415, () => post().set('Content-Type', 'text/plain').send('x')],
    ['/v1/ice-servers', 503, () => post().send({ requireRegion: 'ap-southeast-1' })],
    ['/coturn', 401, () => request(app.publicApp).get('/coturn').set('Authorization', 'Bearer wrong')],
    ['/coturn', 403, () => asNarrow(request(app.publicApp).get('/coturn')).set('Origin', 'https://a.example.org')],
    ['/v1/region', 401, () => request(app.publicApp).get('/v1/region').set('Authorization', 'Bearer tr_wrong')],
    ['/coturn', 200, () => request(app.publicApp).get('/coturn')],
    ['/v1/region', 200, () => request(app.publicApp).get('/v1/region')],
    ['/v1/nodes/{region}/{id}', 204, () => reporting(put()).send(report)],
    ['/v1/nodes/{region}/{id}', 400, () => reporting(put()).send({})],
    ['/v1/nodes/{region}/{id}', 401, () => put().send(report)],
    ['/v1/nodes/{region}/{id}', 413, () => reporting(put()).send({ ...report, software: 'x'.repeat(5000) })],
    ['/v1/nodes/{region}/{id}', 415, () => reporting(put()).set('Content-Type', 'text/plain').send('x')],
    ['/v1/nodes/{region}/{id}', 204, () => reporting(request(app.publicApp).delete(node))],
    ['/v1/nodes/{region}/{id}', 401, () => request(app.publicApp).delete(node)],
    ['/livez', 200, () => request(app.publicApp).get('/livez')],
    ['/readyz', 200, () => request(app.publicApp).get('/readyz')],
  ])('%s %d', async (path, expected, call) => {
    const { status, headers, body, request: sent } = await call();
    expect(status).toBe(expected);
    const type = headers['content-type']?.split(';')[0];
    const answer = ['paths', path, sent.method.toLowerCase(), 'responses', `${status}`];
    expect(keysOf(at(...answer, 'content'))).toEqual(type === undefined ? [] : [type]);
    const schema = at(...answer, 'content', type ?? '', 'schema');
    expect(z.fromJSONSchema(dereferenced(schema)).parse(body)).toEqual(body);
  });
});

test.each(['/v1/ice-servers', '/v1/region', '/coturn'])('the 429 of %s matches the document', async (path) => {
  await using limited = await createTestApp();
  limited.routing.usePolicy({ ...policy, limits: { ...policy.limits, perAddressPerMinute: 1 } });
  const method = path === '/v1/ice-servers' ? 'post' : 'get';
  await request(limited.publicApp)[method](path);
  const { status, body, headers } = await request(limited.publicApp)[method](path);
  expect([status, headers['content-type']]).toEqual([429, 'application/problem+json; charset=utf-8']);
  const schema = at('paths', path, method, 'responses', '429', 'content', 'application/problem+json', 'schema');
  expect(z.fromJSONSchema(dereferenced(schema)).parse(body)).toEqual(body);
});
