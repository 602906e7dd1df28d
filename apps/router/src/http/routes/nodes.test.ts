import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryRegistry, createRedisRegistry } from '@turn-router/registry';
import { createManualClock, freePort } from '@turn-router/testing';
import { nodeToken } from '@turn-router/turn-credentials';
import request, { type Test } from 'supertest';
import {
  createTestApp,
  figures,
  reporterToken,
  twoNodes,
  invalidRequest,
  type TestApp,
} from '../../compose/test-app.fixture.ts';

const path = '/v1/nodes/eu-central-1/node-09';
const report = { ...figures, public_ip: '192.0.2.59' };

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
beforeEach(async () => app.useNodes(twoNodes));
afterAll(async () => app[Symbol.asyncDispose]());

const withToken = (call: Test) => call.set('Authorization', `Bearer ${reporterToken}`);
const put = (to = path, body: unknown = report) =>
  withToken(request(app.publicApp).put(to)).set('Content-Type', 'application/json').send(JSON.stringify(body));
const take = (from = path) => withToken(request(app.publicApp).delete(from));

async function nodesOf(ofApp: TestApp) {
  const { records } = await ofApp.registry.readAll();
  return records.map(({ key }) => `${key.region}/${key.id}`).toSorted();
}

describe('a report over HTTP', () => {
  test('stores the node in the registry, and callers get the node', async () => {
    const { status, text, headers } = await put();
    expect([status, text, headers['content-type']]).toEqual([204, '', undefined]);
    expect(await nodesOf(app)).toEqual(['eu-central-1/node-01', 'eu-central-1/node-09', 'us-east-1/node-01']);
    await app.refresh();
    const { body } = await request(app.publicApp)
      .post('/v1/ice-servers')
      .send({ requireRegion: 'eu-central-1', excludeNodes: ['eu-central-1/node-01'] });
    expect(body).toMatchObject({ nodes: ['eu-central-1/node-09'] });
  });

  test('drops unknown fields', async () => {
    expect((await put(path, { ...report, colour: 'red' })).status).toBe(204);
    const { records } = await app.registry.readAll();
    expect(records.find(({ key }) => key.id === 'node-09')?.report).toEqual(report);
  });

  test('can be removed, even if it does not exist', async () => {
    await put();
    expect((await take()).status).toBe(204);
    expect((await take()).status).toBe(204);
    expect(await nodesOf(app)).toEqual(['eu-central-1/node-01', 'us-east-1/node-01']);
  });

  test.each([
    ['', 15_000],
    ['?ttlSeconds=1', 1000],
    ['?ttlSeconds=300', 300_000],
  ])('with %j it expires after %d ms', async (query, ttlMs) => {
    const clock = createManualClock();
    const registry = createMemoryRegistry(clock.now);
    await using fresh = await createTestApp({ registry });
    await withToken(request(fresh.publicApp).put(`${path}${query}`))
      .send(report)
      .expect(204);
    clock.advance(ttlMs - 1);
    expect(await nodesOf(fresh)).toEqual(['eu-central-1/node-09']);
    clock.advance(1);
    expect(await nodesOf(fresh)).toEqual([]);
  });
});

describe('authentication of reporters', () => {
  test.each([
    ['no token', undefined],
    ['a wrong token', 'Bearer the-token-of-reporters-78'],
    ['the beginning of the token', 'Bearer the-token-of-reporters'],
    ['more than the token', `Bearer ${reporterToken} x`],
    ['an empty token', 'Bearer '],
    ['another scheme', `Basic ${Buffer.from(`:${reporterToken}`).toString('base64')}`],
    ['the token alone', reporterToken],
  ])('rejects %s', async (_what, authorization) => {
    for (const call of [request(app.publicApp).put(path).send(report), request(app.publicApp).delete(path)]) {
      const { status, headers, body } = await (authorization === undefined
        ? call
        : call.set('Authorization', authorization));
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
      expect(body).toEqual({
        type: 'urn:turn-router:problem:unauthorized',
        title: 'A valid token is needed',
        status: 401,
        detail: 'Authorization: expected "Bearer <the router’s REPORTER_TOKEN, or the token of this node>"',
        code: 'unauthorized',
        requestId: headers['x-request-id'],
      });
    }
    expect(await nodesOf(app)).toEqual(['eu-central-1/node-01', 'us-east-1/node-01']);
  });

  test('accepts the token of a node for that node only', async () => {
    const token = nodeToken(reporterToken, 'eu-central-1/node-09');
    const answers = ['eu-central-1/node-09', 'eu-central-1/node-01', 'us-east-1/node-09'].map(async (node) => {
      const calls = [
        request(app.publicApp).put(`/v1/nodes/${node}`),
        request(app.publicApp).delete(`/v1/nodes/${node}`),
      ];
      return Promise.all(calls.map(async (call) => (await call.auth(token, { type: 'bearer' }).send(report)).status));
    });
    expect(await Promise.all(answers)).toEqual([
      [204, 204],
      [401, 401],
      [401, 401],
    ]);
  });

  test('ignores the case of the scheme', async () => {
    const call = request(app.publicApp).put(path).set('Authorization', `bearer ${reporterToken}`);
    expect((await call.send(report)).status).toBe(204);
  });

  test('does not read an unauthenticated body', async () => {
    const { status } = await request(app.publicApp).put(path).set('Content-Type', 'text/plain').send('x'.repeat(5000));
    expect(status).toBe(401);
  });

  test('the routes do not exist without a REPORTER_TOKEN', async () => {
    await using closed = await createTestApp({ reporterToken: null });
    for (const method of ['put', 'delete', 'get'] as const) {
      const { status, body } = await withToken(request(closed.publicApp)[method](path));
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('a rejected report', () => {
  test('names a region that the policy lacks', async () => {
    for (const region of ['nowhere-1', 'constructor']) {
      const detail = 'Unknown region: expected one of us-east-1, eu-central-1, ap-southeast-1';
      for (const call of [put(`/v1/nodes/${region}/node-09`), take(`/v1/nodes/${region}/node-09`)]) {
        const { status, body } = await call;
        expect(status).toBe(400);
        expect(body).toMatchObject({
          code: 'unknown_region',
          detail: `region: ${detail}`,
          errors: [{ field: 'region', detail }],
        });
      }
    }
  });

  const names = 'expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"';
  const number = 'Invalid input: expected number, received';
  const required = 'Invalid input: expected';
  const without = (field: keyof typeof report) => ({ ...report, [field]: undefined });
  test.each<[to: string, body: unknown, ...faults: [field: string, detail: string][]]>([
    ['/v1/nodes/EU/node-09', report, ['region', `Invalid region name: ${names}`]],
    ['/v1/nodes/eu-central-1/NODE', report, ['id', `Invalid node id: ${names}`]],
    [
      `/v1/nodes/${'x'.repeat(64)}/-`,
      report,
      ['region', `Invalid region name: ${names}`],
      ['id', `Invalid node id: ${names}`],
    ],
    ['/v1/nodes/eu-central-1/a%2Fb', report, ['id', `Invalid node id: ${names}`]],
    ['/v1/nodes/eu-central-1/a%3Ab', report, ['id', `Invalid node id: ${names}`]],
    [`${path}?ttlSeconds=0`, report, ['ttlSeconds', 'Too small: expected number to be >=1']],
    [`${path}?ttlSeconds=-1`, report, ['ttlSeconds', 'Too small: expected number to be >=1']],
    [`${path}?ttlSeconds=301`, report, ['ttlSeconds', 'Too big: expected number to be <=300']],
    [`${path}?ttlSeconds=1000000000`, report, ['ttlSeconds', 'Too big: expected number to be <=300']],
    [`${path}?ttlSeconds=1.5`, report, ['ttlSeconds', 'Invalid input: expected int, received number']],
    [`${path}?ttlSeconds=x`, report, ['ttlSeconds', `${number} NaN`]],
    [`${path}?ttlSeconds=5&ttlSeconds=6`, report, ['ttlSeconds', `${number} NaN`]],
    [`${path}?ttl=5`, report, ['ttl', 'Unknown field']],
    [
      path,
      {},
      ['status', 'Invalid option: expected one of "healthy"|"unhealthy"|"draining"'],
      ['cpu', `${required} number, received undefined`],
      ['bandwidth_mbps', `${required} number, received undefined`],
      ['port', `${required} number, received undefined`],
    ],
    [path, null, ['', `${required} object, received null`]],
    [path, [report], ['', `${required} object, received array`]],
    [path, without('status'), ['status', 'Invalid option: expected one of "healthy"|"unhealthy"|"draining"']],
    [path, { ...report, status: 'ok' }, ['status', 'Invalid option: expected one of "healthy"|"unhealthy"|"draining"']],
    [path, { ...report, cpu: 101 }, ['cpu', 'Too big: expected number to be <=100']],
    [path, { ...report, cpu: '20' }, ['cpu', `${required} number, received string`]],
    [path, { ...report, bandwidth_mbps: -1 }, ['bandwidth_mbps', 'Too small: expected number to be >=0']],
    [path, { ...report, port: 0 }, ['port', 'Too small: expected number to be >=1']],
    [path, { ...report, port: 65_536 }, ['port', 'Too big: expected number to be <=65535']],
    [
      path,
      without('public_ip'),
      ['public_ip', 'Missing address: expected at least one of public_ip, public_ipv6 and hostname'],
    ],
    [path, { ...report, public_ip: '192.0.2' }, ['public_ip', 'Invalid IPv4 address']],
    [path, { ...report, public_ip: '2001:db8::1' }, ['public_ip', 'Invalid IPv4 address']],
    [path, { ...report, public_ipv6: '[2001:db8::1]' }, ['public_ipv6', 'Invalid IPv6 address']],
    [
      path,
      { ...report, hostname: 'localhost' },
      ['hostname', 'Invalid hostname: expected a fully qualified domain name'],
    ],
    [path, { ...report, hostname: 'a.b?x' }, ['hostname', 'Invalid hostname: expected a fully qualified domain name']],
    [
      path,
      { ...report, bandwidth_capacity_mbps: 0 },
      ['bandwidth_capacity_mbps', 'Too small: expected number to be >=0.001'],
    ],
    [path, { ...report, tls_port: 'x' }, ['tls_port', `${required} number, received string`]],
    [path, { ...report, transports: ['sctp'] }, ['transports[0]', 'Invalid option: expected one of "udp"|"tcp"|"tls"']],
    [path, { ...report, allocations: 1.5 }, ['allocations', 'Invalid input: expected int, received number']],
    [path, { ...report, weight: 0 }, ['weight', 'Too small: expected number to be >=0.000001']],
    [path, { ...report, reported_at: 'now' }, ['reported_at', 'Invalid ISO datetime']],
  ])('%s %j', async (to, body, ...faults) => {
    const response = await put(to, body);
    expect(response.body).toEqual(invalidRequest(response, faults));
    expect(response.status).toBe(400);
    expect(await nodesOf(app)).toEqual(['eu-central-1/node-01', 'us-east-1/node-01']);
  });

  test('lists every required field if the body is missing', async () => {
    const { status, body } = await withToken(request(app.publicApp).put(path));
    expect([status, body.errors.map(({ field }: { field: string }) => field)]).toEqual([
      400,
      ['status', 'cpu', 'bandwidth_mbps', 'port'],
    ]);
  });

  test.each(['get', 'post', 'patch'] as const)('%s is not possible', async (method) => {
    const { status, headers, body } = await withToken(request(app.publicApp)[method](path));
    expect([status, headers['allow']]).toEqual([405, 'PUT, DELETE']);
    expect(body).toMatchObject({
      code: 'method_not_allowed',
      detail: `${method.toUpperCase()} is not supported here: expected PUT or DELETE`,
    });
  });

  test('gets 503 with Retry-After if Redis is unreachable, and the cause is logged', async () => {
    const registry = createRedisRegistry({
      url: `redis://127.0.0.1:${await freePort()}`,
      name: 'test',
      random: () => 0,
    });
    await using cutOff = await createTestApp({ registry });
    for (const call of [request(cutOff.publicApp).put(path).send(report), request(cutOff.publicApp).delete(path)]) {
      const { status, headers, body } = await withToken(call);
      expect([status, headers['retry-after']]).toEqual([503, '1']);
      expect(body).toEqual({
        type: 'urn:turn-router:problem:registry_unavailable',
        title: 'The registry is unavailable',
        status: 503,
        detail: 'The registry cannot store the change now',
        code: 'registry_unavailable',
        requestId: headers['x-request-id'],
      });
      expect(cutOff.logLines()).toContainEqual(
        expect.objectContaining({
          requestId: headers['x-request-id'],
          event: 'request.refused',
          status: 503,
          code: 'registry_unavailable',
          cause: expect.stringMatching(/^Redis is not available: /),
        }),
      );
    }
    expect(await cutOff.findLeaks()).toEqual([]);
  });
});

test('no log line, error or metric contains a secret or a name', async () => {
  expect(await app.findLeaks()).toEqual([]);
});
