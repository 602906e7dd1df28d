import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problems } from '@turn-router/contract/http';
import request from 'supertest';
import { adminRoutes } from '../admin/admin-routes.ts';
import { createTestApp, type TestApp } from '../../compose/test-app.fixture.ts';
import { createAdminOpenApiDocument } from './admin-openapi-document.ts';

const document = JSON.parse(JSON.stringify(createAdminOpenApiDocument('1.2.3')));
type Operation = {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
};

const paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = document.paths;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

describe('the OpenAPI document of the admin API', () => {
  test('is what the admin listener serves', async () => {
    const { status, body } = await request(app.adminApp).get('/openapi.json');
    expect([status, body]).toEqual([200, document]);
    expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  });

  test('describes every route with the tokens that it accepts', () => {
    const described = operations
      .filter(({ path }) => path.startsWith('/admin/v1'))
      .map(({ path, method, security = [] }) => [method, path, security.flatMap(Object.keys).toSorted()]);
    const expected = adminRoutes.map(({ method, path, role }) => [
      method,
      path,
      role === 'viewer' ? ['operator', 'viewer'] : ['operator'],
    ]);
    expect(described).toEqual(expected);
  });

  test('lists the problem codes of each status', () => {
    const named = operations.flatMap(({ responses }) =>
      Object.entries(responses).filter(([status]) => Number(status) >= 400),
    );
    expect(named.length).toBeGreaterThan(operations.length);
    for (const [status, { description }] of named) {
      for (const code of description.split(', ')) expect(problems).toHaveProperty([code, 'status'], Number(status));
    }
  });
});
