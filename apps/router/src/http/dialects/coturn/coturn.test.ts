import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { coturnAnswerSchema } from '@turn-router/contract/http';
import { policySchema } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import request, { type Test } from 'supertest';
import { callers, createTestApp, figures, policy, twoNodes, type TestApp } from '../../../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
beforeEach(() => app.useNodes(twoNodes));
afterAll(async () => app[Symbol.asyncDispose]());

const ask = (from: string = callers.london): Test => request(app.publicApp).get('/coturn').set('X-Forwarded-For', from);

test('responds exactly in the format of the older balancer', async () => {
  const { status, headers, body } = await ask();
  expect([status, headers['cache-control'], headers['content-type']]).toEqual([
    200,
    'no-store',
    'application/json; charset=utf-8',
  ]);
  expect(body).toEqual({
    turn_server: '192.0.2.50',
    turn_data: { '192.0.2.50': { failed_checks: 0, healthy: true, initial: 0, success_th: 3 } },
  });
  expect(coturnAnswerSchema.parse(body)).toEqual(body);
});

test.each([
  [callers.london, '192.0.2.50'],
  [callers.kansas, '192.0.2.60'],
  [callers.nowhere, '192.0.2.60'],
])('a caller at %s gets a nearby relay', async (from, server) => {
  expect((await ask(from)).body.turn_server).toBe(server);
});

test.each<[what: string, server: string, addresses: Partial<NodeReport>]>([
  [
    'its name',
    'turn-1.example.org',
    { hostname: 'turn-1.example.org', public_ip: '192.0.2.50', public_ipv6: '2001:db8::50' },
  ],
  ['its IPv4 address', '192.0.2.50', { public_ip: '192.0.2.50', public_ipv6: '2001:db8::50' }],
  ['its IPv6 address', '2001:db8::50', { public_ipv6: '2001:db8::50' }],
])('names a relay by %s', async (_what, server, addresses) => {
  await app.useNodes({ 'eu-central-1/node-01': { ...figures, ...addresses } });
  const { turn_server, turn_data } = (await ask()).body;
  expect([turn_server, Object.keys(turn_data)]).toEqual([server, [server]]);
});

test('counts each returned relay, so that callers are spread', async () => {
  await app.useNodes({
    'eu-central-1/a': { ...figures, public_ip: '192.0.2.50' },
    'eu-central-1/b': { ...figures, public_ip: '192.0.2.51' },
  });
  const servers = new Set<string>();
  for (let calls = 0; calls < 20; calls += 1) servers.add((await ask()).body.turn_server);
  expect(servers.size).toBe(2);
  const { text } = await request(app.adminApp).get('/metrics');
  expect(text).toMatch(/turn_router_issued_total\{region="eu-central-1",reason="home",placed_by="nearest"\} \d\d/);
});

test('is logged like POST /v1/ice-servers', async () => {
  await ask();
  expect(app.logLines().at(-1)).toMatchObject({
    route: '/coturn',
    region: 'eu-central-1',
    nodes: ['eu-central-1/node-01'],
    reason: 'home',
    placedBy: 'nearest',
  });
});

test('responds with a problem and Retry-After if there is no relay', async () => {
  await app.useNodes({});
  const { status, headers, body } = await ask();
  expect([status, headers['content-type'], headers['retry-after']]).toEqual([
    503,
    'application/problem+json; charset=utf-8',
    '5',
  ]);
  expect(body).toMatchObject({ code: 'no_relay_available', status: 503 });
});

test('obeys the residency rules', async () => {
  app.routing.usePolicy(
    policySchema.parse({ ...policy, residency: [{ countries: ['GB'], stayIn: ['ap-southeast-1'] }] }),
  );
  expect((await ask()).status).toBe(503);
  app.routing.usePolicy(policy);
});
