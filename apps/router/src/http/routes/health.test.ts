import { expect, test } from '@jest/globals';
import request from 'supertest';
import { createTestApp } from '../../compose/test-app.fixture.ts';
import { findNotReadyReasons, type Readiness } from './health.ts';

test('livez responds with 200 whatever the state', async () => {
  await using app = await createTestApp({
    readiness: () => ({
      ready: false,
      trust: 'last_known',
      registries: [],
      healthyNodes: 0,
      stopping: true,
      reasons: ['stopping'],
      mismatchedSecrets: 0,
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
    stopping: false,
    reasons: ['nodes_unknown'],
    mismatchedSecrets: 0,
  };
  await using app = await createTestApp({ readiness: () => state });
  const ask = async () => {
    const { status, body, headers } = await request(app.publicApp).get('/readyz');
    expect(headers['cache-control']).toBe('no-store');
    return [status, body];
  };
  expect(await ask()).toEqual([
    503,
    {
      ready: false,
      trust: 'none',
      registries: [],
      healthyNodes: 0,
      mismatchedSecrets: 0,
      stopping: false,
      reasons: ['nodes_unknown'],
    },
  ]);
  state = {
    ready: true,
    trust: 'fresh',
    registries: [],
    healthyNodes: 3,
    mismatchedSecrets: 0,
    stopping: false,
    reasons: [],
  };
  expect(await ask()).toEqual([
    200,
    {
      ready: true,
      trust: 'fresh',
      registries: [],
      healthyNodes: 3,
      mismatchedSecrets: 0,
      stopping: false,
      reasons: [],
    },
  ]);
  state = {
    ready: true,
    trust: 'last_known',
    registries: [],
    healthyNodes: 3,
    mismatchedSecrets: 0,
    stopping: false,
    reasons: [],
  };
  expect(await ask()).toEqual([
    200,
    {
      ready: true,
      trust: 'last_known',
      registries: [],
      healthyNodes: 3,
      mismatchedSecrets: 0,
      stopping: false,
      reasons: [],
    },
  ]);
  state = {
    ready: false,
    trust: 'fresh',
    registries: [],
    healthyNodes: 3,
    mismatchedSecrets: 0,
    stopping: true,
    reasons: ['stopping'],
  };
  expect(await ask()).toEqual([
    503,
    {
      ready: false,
      trust: 'fresh',
      registries: [],
      healthyNodes: 3,
      mismatchedSecrets: 0,
      stopping: true,
      reasons: ['stopping'],
    },
  ]);
});

test('neither is logged', async () => {
  await using app = await createTestApp();
  const linesBefore = app.logLines();
  await request(app.publicApp).get('/livez');
  await request(app.publicApp).get('/readyz');
  expect(app.logLines()).toEqual(linesBefore);
});

test('each reason is named, and several at once', () => {
  const none = { stopping: false, nodes_unknown: false, authentication_unknown: false, revocations_incomplete: false };
  expect(findNotReadyReasons(none)).toEqual([]);
  expect(findNotReadyReasons({ ...none, authentication_unknown: true })).toEqual(['authentication_unknown']);
  expect(findNotReadyReasons({ ...none, nodes_unknown: true, revocations_incomplete: true })).toEqual([
    'nodes_unknown',
    'revocations_incomplete',
  ]);
});
