import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { regionAnswerSchema } from '@turn-router/contract/http';
import { policySchema } from '@turn-router/contract/policy';
import request from 'supertest';
import { callers, createTestApp, policy, type TestApp } from '../../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ nodes: {} });
});
afterAll(async () => app[Symbol.asyncDispose]());

const ask = (from: string) => request(app.publicApp).get('/v1/region').set('X-Forwarded-For', from);

test.each([
  [callers.london, 'eu-central-1', 'nearest', ['us-east-1', 'ap-southeast-1']],
  [callers.londonOverIpv6, 'eu-central-1', 'nearest', ['us-east-1', 'ap-southeast-1']],
  ['64:ff9b::5102:458e', 'eu-central-1', 'nearest', ['us-east-1', 'ap-southeast-1']],
  [callers.kansas, 'us-east-1', 'nearest', ['eu-central-1']],
  [callers.sydney, 'ap-southeast-1', 'nearest', ['us-east-1']],
  [callers.nowhere, 'us-east-1', 'default', ['eu-central-1']],
])('a caller at %s has the home region %s (%s), with or without nodes', async (from, region, reason, fallbacks) => {
  const { status, body, headers } = await ask(from);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(regionAnswerSchema.parse(body)).toEqual({ region, reason, fallbacks });
});

test('a new policy applies from the next request', async () => {
  app.routing.usePolicy(policySchema.parse({ ...policy, placement: { prefixes: { '81.2.0.0/16': 'us-east-1' } } }));
  expect((await ask(callers.london)).body).toMatchObject({ region: 'us-east-1', reason: 'prefix' });
  app.routing.usePolicy(policySchema.parse({ ...policy, placement: { continents: { EU: 'ap-southeast-1' } } }));
  expect((await ask(callers.london)).body).toMatchObject({ region: 'ap-southeast-1', reason: 'continent' });
  app.routing.usePolicy(policy);
  expect((await ask(callers.london)).body).toMatchObject({ region: 'eu-central-1', reason: 'nearest' });
});

test('a disabled region is not a fallback', async () => {
  const { 'us-east-1': virginia, ...others } = policy.regions;
  app.routing.usePolicy(
    policySchema.parse({
      ...policy,
      defaultRegion: 'eu-central-1',
      regions: { ...others, 'us-east-1': { ...virginia, enabled: false } },
    }),
  );
  expect((await ask(callers.london)).body).toMatchObject({ region: 'eu-central-1', fallbacks: ['ap-southeast-1'] });
  app.routing.usePolicy(policy);
});

test('HEAD returns the headers of GET without a body', async () => {
  const { status, text, headers } = await request(app.publicApp).head('/v1/region');
  expect([status, text, headers['content-type']]).toEqual([200, undefined, 'application/json; charset=utf-8']);
});
