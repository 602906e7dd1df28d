import { expect, test } from '@jest/globals';
import request from 'supertest';
import { createTestApp } from '../../compose/test-app.fixture.ts';
import type { Readiness } from './health.ts';

test('livez responds with 200 whatever the state', async () => {
  await using app = await createTestApp({
    readiness: () => ({
      ready: false,
      trust: 'last_known',
      registries: [],
      healthyNodes: 0,
      mismatchedSecrets: 0,
      stopping: true,
    }),
  });
  const { status, body, headers } = await request(app.publicApp).get('/livez');
  expect([status, body, headers['cache-control']]).toEqual([200, { live: true }, 'no-store']);
});

test('readyz responds with 503 before the first snapshot, 200 with one, and 503 while stopping', async () => {
  let state: Readiness = {
    ready: false,
    trust: 'none',
    registries: [],
    healthyNodes: 0,
    mismatchedSecrets: 0,
    stopping: false,
  };
  await using app = await createTestApp({ readiness: () => state });
  const ask = async () => {
    const { status, body, headers } = await request(app.publicApp).get('/readyz');
    expect(headers['cache-control']).toBe('no-store');
    return [status, body];
  };
  expect(await ask()).toEqual([
    503,
    { ready: false, trust: 'none', registries: [], healthyNodes: 0, mismatchedSecrets: 0, stopping: false },
  ]);
  state = { ready: true, trust: 'fresh', registries: [], healthyNodes: 3, mismatchedSecrets: 0, stopping: false };
  expect(await ask()).toEqual([
    200,
    { ready: true, trust: 'fresh', registries: [], healthyNodes: 3, mismatchedSecrets: 0, stopping: false },
  ]);
  state = { ready: true, trust: 'last_known', registries: [], healthyNodes: 3, mismatchedSecrets: 0, stopping: false };
  expect(await ask()).toEqual([
    200,
    { ready: true, trust: 'last_known', registries: [], healthyNodes: 3, mismatchedSecrets: 0, stopping: false },
  ]);
  state = { ready: false, trust: 'fresh', registries: [], healthyNodes: 3, mismatchedSecrets: 0, stopping: true };
  expect(await ask()).toEqual([
    503,
    { ready: false, trust: 'fresh', registries: [], healthyNodes: 3, mismatchedSecrets: 0, stopping: true },
  ]);
});

test('neither is logged', async () => {
  await using app = await createTestApp();
  const linesBefore = app.logLines();
  await request(app.publicApp).get('/livez');
  await request(app.publicApp).get('/readyz');
  expect(app.logLines()).toEqual(linesBefore);
});
