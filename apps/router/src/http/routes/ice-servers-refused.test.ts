import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IceServersRequest } from '@turn-router/contract/http';
import request from 'supertest';
import {
  askForRelays,
  createTestApp,
  figures,
  twoNodes,
  invalidRequest,
  type TestApp,
} from '../../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
beforeEach(async () => app.useNodes(twoNodes));
afterAll(async () => app[Symbol.asyncDispose]());

const ask = (body?: unknown) => askForRelays(app, body);

describe('a request that cannot be served', () => {
  test('the required region has no relay', async () => {
    const { status, headers, body } = await ask({ requireRegion: 'ap-southeast-1' });
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(body).toEqual({
      type: 'urn:turn-router:problem:region_unavailable',
      title: 'The required region has no relay',
      status: 503,
      detail: 'No healthy relay in the required region fits the request now: retry later',
      code: 'region_unavailable',
      requestId: headers['x-request-id'],
    });
  });

  test.each<[why: string, nodes: typeof twoNodes, wishes: IceServersRequest]>([
    ['no nodes at all', {}, {}],
    ['no healthy nodes', { 'eu-central-1/node-01': { ...figures, status: 'draining', public_ip: '192.0.2.50' } }, {}],
    ['no node with TLS', twoNodes, { transports: ['tls'] }],
    ['all nodes excluded', twoNodes, { excludeNodes: ['eu-central-1/node-01', 'us-east-1/node-01'] }],
  ])('%s', async (_why, nodes, wishes) => {
    await app.useNodes(nodes);
    const { status, headers, body } = await ask(wishes);
    expect([status, headers['retry-after'], headers['content-type'], headers['cache-control']]).toEqual([
      503,
      '5',
      'application/problem+json; charset=utf-8',
      'no-store',
    ]);
    expect(body).toEqual({
      type: 'urn:turn-router:problem:no_relay_available',
      title: 'No TURN relay is available',
      status: 503,
      detail: 'No healthy relay fits the request now: retry later',
      code: 'no_relay_available',
      requestId: headers['x-request-id'],
    });
  });

  test.each(['requireRegion', 'preferRegion'])('an unknown %s', async (field) => {
    const detail = 'Unknown region: expected one of us-east-1, eu-central-1, ap-southeast-1';
    for (const region of ['nowhere-1', 'constructor']) {
      const { status, body } = await ask({ [field]: region });
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'unknown_region',
        detail: `${field}: ${detail}`,
        errors: [{ field, detail }],
      });
    }
  });
});

describe('an invalid request', () => {
  const controls = 'Invalid string: expected no control characters and no lone surrogates';
  test.each<[body: unknown, ...faults: [field: string, detail: string][]]>([
    [[], ['', 'Invalid input: expected object, received array']],
    [null, ['', 'Invalid input: expected object, received null']],
    ['{}', ['', 'Invalid input: expected object, received string']],
    [7, ['', 'Invalid input: expected object, received number']],
    [{ user: 'alice', ttl: 5 }, ['user', 'Unknown field'], ['ttl', 'Unknown field']],
    [{ userId: '' }, ['userId', 'Too small: expected string to have >=1 characters']],
    [{ userId: 'x'.repeat(129) }, ['userId', 'Too big: expected string to have <=128 characters']],
    [{ userId: 7 }, ['userId', 'Invalid input: expected string, received number']],
    [{ userId: 'alice\r\nX-Admin: 1' }, ['userId', controls]],
    [{ userId: 'alice\u0000' }, ['userId', controls]],
    [{ callId: '\ud800' }, ['callId', controls]],
    [{ ttlSeconds: 'x' }, ['ttlSeconds', 'Invalid input: expected number, received string']],
    [{ ttlSeconds: '60' }, ['ttlSeconds', 'Invalid input: expected number, received string']],
    [{ ttlSeconds: 60.5 }, ['ttlSeconds', 'Invalid input: expected int, received number']],
    [{ ttlSeconds: -1 }, ['ttlSeconds', 'Too small: expected number to be >=1']],
    [{ ttlSeconds: 0 }, ['ttlSeconds', 'Too small: expected number to be >=1']],
    [{ ttlSeconds: 59 }, ['ttlSeconds', 'Too small: the policy expects 60 to 86400']],
    [{ ttlSeconds: 86_401 }, ['ttlSeconds', 'Too big: expected number to be <=86400']],
    [{ ttlSeconds: 1e9 }, ['ttlSeconds', 'Too big: expected number to be <=86400']],
    [
      { requireRegion: 'EU' },
      ['requireRegion', 'Invalid region name: expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"'],
    ],
    [{ transports: [] }, ['transports', 'Too small: expected array to have >=1 items']],
    [{ transports: ['quic'] }, ['transports[0]', 'Invalid option: expected one of "udp"|"tcp"|"tls"']],
    [{ maxNodes: 0 }, ['maxNodes', 'Too small: expected number to be >=1']],
    [{ maxNodes: 5 }, ['maxNodes', 'Too big: expected number to be <=4']],
    [
      { excludeNodes: ['eu-central-1/node-01', 'node-01'] },
      ['excludeNodes[1]', 'Invalid node: expected "<region>/<id>" as in nodes of a response'],
    ],
    [
      { excludeNodes: Array.from({ length: 17 }, (_, index) => `a/n${index}`) },
      ['excludeNodes', 'Too big: expected array to have <=16 items'],
    ],
    [
      { maxNodes: 5, ttlSeconds: 'x' },
      ['ttlSeconds', 'Invalid input: expected number, received string'],
      ['maxNodes', 'Too big: expected number to be <=4'],
    ],
  ])('%j', async (body, ...faults) => {
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(response.body).toEqual(invalidRequest(response, faults));
  });

  test('rejects a field named __proto__ like any unknown field', async () => {
    const { status, body } = await request(app.publicApp)
      .post('/v1/ice-servers')
      .set('Content-Type', 'application/json')
      .send('{"__proto__":{"maxNodes":4}}');
    expect([status, body.errors]).toEqual([400, [{ field: '__proto__', detail: 'Unknown field' }]]);
  });
});

test('no log line, error or metric contains a secret or a name', async () => {
  expect(await app.findLeaks()).toEqual([]);
});
