import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { apiKeys, askForRelays, callers, createTestApp, type TestApp } from '../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());
beforeEach(() => app.revoke(new Map()));

const revoke = (subject: string) => app.revoke(new Map([[subject, { at_ms: 0, reason: 'spam', turn_users: [] }]]));

const call = (method: 'post' | 'get', path: string) =>
  request(app.publicApp)[method](path).set('X-Forwarded-For', callers.london);

/** A request of an application for this user. */
const askFor = (userId: string) => askForRelays(app, { userId }).set('Authorization', `Bearer ${apiKeys.web}`);

const paths = [
  ['post', '/v1/ice-servers'],
  ['get', '/v1/region'],
  ['get', '/coturn'],
] as const;

describe('a revoked caller', () => {
  test.each(paths)('gets 403 from %s %s without the reason', async (method, path) => {
    expect((await call(method, path)).status).toBe(200);
    await revoke(`address:${callers.london}/32`);
    const { status, headers, body } = await call(method, path);
    expect(status).toBe(403);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(body).toEqual({
      type: 'urn:turn-router:problem:revoked',
      title: 'The caller is revoked',
      status: 403,
      detail: 'Access for this caller has been revoked',
      code: 'revoked',
      requestId: headers['x-request-id'],
    });
  });

  test.each(paths)('with a whole key gets nothing of %s %s', async (method, path) => {
    await revoke('key:web');
    const asking = (key: keyof typeof apiKeys) => call(method, path).set('Authorization', `Bearer ${apiKeys[key]}`);
    expect([(await asking('web')).body.code, (await asking('other')).status]).toEqual(['revoked', 200]);
  });

  test('is recognized by the userId in an application’s body', async () => {
    await revoke('key:web:user:alice');
    expect((await askFor('alice')).body.code).toBe('revoked');
    expect((await askFor('bob')).status).toBe(200);
  });

  test('is counted, and logged without its name', async () => {
    await revoke('key:web:user:alice');
    await askFor('alice');
    const { text } = await request(app.adminApp).get('/metrics');
    expect(text).toMatch(/^turn_router_revoked_calls_total [1-9]/m);
    expect(app.logLines().filter(({ event }) => event === 'revocations.caller_refused')).not.toEqual([]);
    expect(await app.findLeaks()).toEqual([]);
  });
});
