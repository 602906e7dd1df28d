import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditAnswerSchema } from '@turn-router/contract/admin';
import { RegistryError } from '@turn-router/registry';
import express from 'express';
import request, { type Response } from 'supertest';
import { createMetrics } from '../../observe/metrics.ts';
import { withLocals } from '../locals.fixture.ts';
import { problemResponder } from '../middleware/problems.ts';
import { adminTokens, createTestApp, type TestApp } from '../../compose/test-app.fixture.ts';
import { auditRoute } from './audit.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  for (const subject of ['web', 'app', 'mail']) {
    await app.audit.append({ actor: 'turnctl:kim@ops-1', action: 'key.created', subject });
    app.clock.advance(60_000);
  }
  await app.audit.append({ actor: 'router:a', action: 'node.draining', subject: 'eu/1', detail: { delayedMs: 7 } });
});
afterAll(async () => app[Symbol.asyncDispose]());

const read = () => Promise.reject(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
const ask = (query: string) =>
  request(app.adminApp).get(`/admin/v1/audit${query}`).set('Authorization', `Bearer ${adminTokens.viewer}`);
const startMs = Date.parse('2026-11-21T08:00:00.750Z');

describe('GET /admin/v1/audit', () => {
  test('returns entries, newest first', async () => {
    const { status, body } = await ask('?limit=2');
    expect(status).toBe(200);
    expect(auditAnswerSchema.parse(body)).toEqual(body);
    expect(body).toEqual({
      entries: [
        {
          id: `${startMs + 180_000}-0`,
          atMs: startMs + 180_000,
          actor: 'router:a',
          action: 'node.draining',
          subject: 'eu/1',
          detail: { delayedMs: 7 },
        },
        {
          id: `${startMs + 120_000}-0`,
          atMs: startMs + 120_000,
          actor: 'turnctl:kim@ops-1',
          action: 'key.created',
          subject: 'mail',
        },
      ],
      before: `${startMs + 120_000}-0`,
    });
  });

  test.each([
    ['', 'eu/1 mail app web'],
    [`?before=${startMs + 120_000}-0`, 'app web'],
    ['?action=key.created', 'mail app web'],
    ['?action=key.created&limit=1', 'mail'],
    ['?since=2026-11-21T08:02:00Z', 'eu/1 mail'],
    ['?since=2026-11-21T09:02:00%2B01:00', 'eu/1 mail'],
    ['?since=2026-11-22T00:00:00Z', ''],
  ])('%s', async (query, subjects) => {
    const { body } = await ask(query);
    expect(body.entries.map(({ subject }: { subject: string }) => subject).join(' ')).toBe(subjects);
  });

  test('exports entries as NDJSON, page by page', async () => {
    const pages: string[] = [];
    let next: string | undefined = '?action=key.created&limit=2&since=2026-11-21T08:00:00Z';
    while (next !== undefined) {
      const { text, headers }: Response = await ask(next).set('Accept', 'application/x-ndjson');
      expect([headers['content-type'], headers['vary']]).toEqual(['application/x-ndjson; charset=utf-8', 'Accept']);
      pages.push(text);
      next = /^<\/admin\/v1\/audit(\?[^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
    }
    expect(pages.map((page) => page.split('\n').map((line) => (line === '' ? '' : JSON.parse(line).subject)))).toEqual([
      ['mail', 'app', ''],
      ['web', ''],
    ]);
  });

  test.each([
    ['?since=yesterday', 'since'],
    ['?since=1795248000000', 'since'],
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?action=key.lost', 'action'],
    ['?before=x', 'before'],
    ['?who=kim', 'who'],
    ['?limit=1&limit=2', 'limit'],
  ])('rejects %s', async (query, field) => {
    const { status, body } = await ask(query);
    expect([status, body.code, body.errors?.[0]?.field]).toEqual([400, 'invalid_request', field]);
  });

  test('responds with 503 if the log cannot be read', async () => {
    const away = express();
    away.use(withLocals);
    away.get('/', auditRoute.createHandler({ audit: { read } }));
    away.use(problemResponder(createMetrics()));
    const { status, body, headers } = await request(away).get('/');
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'registry_unavailable', '1']);
    expect(body.detail).toBe('The audit log cannot be read now');
  });
});
