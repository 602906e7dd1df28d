import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { callers, createTestApp, figures, reporterToken, type TestApp } from '../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

test('the metrics count issued credentials and problems, labelled by route pattern', async () => {
  const post = (from: string) => request(app.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', from);
  await post(callers.london).send({ userId: 'alice-of-the-north' }).expect(200);
  await post(callers.london).send({ userId: 'alice-of-the-north' }).expect(200);
  await post(callers.sydney).expect(200);
  await post(callers.london).send({ requireRegion: 'ap-southeast-1' }).expect(503);
  await request(app.publicApp).get('/who-am-i').expect(404);
  await request(app.publicApp)
    .put('/v1/nodes/us-east-1/node-07')
    .set('Authorization', `Bearer ${reporterToken}`)
    .send({ ...figures, status: 'draining', public_ip: '192.0.2.77' })
    .expect(204);
  await app.refresh();

  const { status, headers, text } = await request(app.adminApp).get('/metrics');
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  const series = text.split('\n').filter((line) => line.startsWith('turn_router_') && !line.includes('_bucket'));
  expect(series).toEqual(
    expect.arrayContaining([
      'turn_router_issued_total{region="eu-central-1",reason="home",placed_by="nearest"} 2',
      'turn_router_issued_total{region="us-east-1",reason="outage",placed_by="nearest"} 1',
      'turn_router_problems_total{code="region_unavailable"} 1',
      'turn_router_problems_total{code="not_found"} 1',
      'turn_router_nodes{region="eu-central-1",status="healthy"} 1',
      'turn_router_nodes{region="us-east-1",status="draining"} 1',
      'turn_router_registry_fresh{registry="embedded"} 1',
      'turn_router_request_duration_seconds_count{route="/v1/ice-servers",status="200"} 3',
      'turn_router_request_duration_seconds_count{route="/v1/ice-servers",status="503"} 1',
      'turn_router_request_duration_seconds_count{route="/v1/nodes/{region}/{id}",status="204"} 1',
      'turn_router_request_duration_seconds_count{route="(none)",status="404"} 1',
    ]),
  );
  expect(text).not.toContain('who-am-i');
  expect(await app.findLeaks()).toEqual([]);
});

test('a scrape is not logged', async () => {
  const before = app.logLines().length;
  await request(app.adminApp).get('/metrics').expect(200);
  expect(app.logLines()).toHaveLength(before);
});

test.each([
  ['get', '/', 404],
  ['get', '/v1/region', 404],
  ['post', '/v1/ice-servers', 404],
  ['post', '/metrics', 405],
] as const)('%s %s is a problem', async (method, path, expected) => {
  const { status, headers, body } = await request(app.adminApp)[method](path);
  expect(status).toBe(expected);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(body.requestId).toBe(headers['x-request-id']);
});
