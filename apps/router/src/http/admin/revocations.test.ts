import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { revocationsAnswerSchema, revokeAnswerSchema } from '@turn-router/contract/admin';
import { createMemoryHash, RegistryError, type HashStore } from '@turn-router/registry';
import { createOpaqueUserId } from '@turn-router/turn-credentials';
import express from 'express';
import request from 'supertest';
import { createMetrics } from '../../observe/metrics.ts';
import { createAdminParts } from '../admin-parts.fixture.ts';
import { withLocals } from '../locals.fixture.ts';
import { problemResponder } from '../middleware/problems.ts';
import {
  adminTokens,
  apiKeys,
  createTestApp,
  invalidRequest,
  keyRing,
  type TestApp,
} from '../../compose/test-app.fixture.ts';
import { adminRouter } from './admin-router.ts';
import { adminRoutes } from './admin-routes.ts';
import { createRoleCheck } from './require-role.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(async () => app[Symbol.asyncDispose]());

const atMs = Date.parse('2026-11-21T08:00:00.750Z');
const asOperator = { Authorization: `Bearer ${adminTokens.operator}` };
const turnUsersOf = (subject: string) => keyRing.keys.map((key) => createOpaqueUserId(key)(subject));

const list = () =>
  request(app.adminApp).get('/admin/v1/revocations').set('Authorization', `Bearer ${adminTokens.viewer}`);
const revoke = (body: object) => request(app.adminApp).put('/admin/v1/revocations').set(asOperator).send(body);
const lift = (subject: unknown) =>
  request(app.adminApp).post('/admin/v1/revocations/lift').set(asOperator).send({ subject });

/** The listed subjects, their end and whether they are in force. */
async function listed() {
  const { revocations } = revocationsAnswerSchema.parse((await list()).body);
  return revocations.map(({ subject, untilMs, isInForce }) => [subject, untilMs, isInForce]);
}

/** The status that Alice, a user of the application `web`, gets. */
async function askAsAlice(): Promise<unknown> {
  const asked = request(app.publicApp).post('/v1/ice-servers').set('Authorization', `Bearer ${apiKeys.web}`);
  const { status, body } = await asked.send({ userId: 'alice' });
  return status === 200 ? 200 : body.code;
}
const alice = 'key:web:user:alice';

describe('the revocations of the admin API', () => {
  test('take effect at once, and can be lifted', async () => {
    expect(await askAsAlice()).toBe(200);
    const { status, body } = await revoke({ subject: alice, forSeconds: 60, reason: 'spam' });
    const view = {
      subject: alice,
      atMs,
      untilMs: atMs + 60_000,
      reason: 'spam',
      turnUsers: turnUsersOf(alice),
      isInForce: true,
    };
    // Without STATE_DIR, no change is on disk.
    const answer = { ...view, durable: false };
    expect([status, body, revokeAnswerSchema.parse(body)]).toEqual([200, answer, answer]);
    expect(await askAsAlice()).toBe('revoked');
    expect((await list()).body).toEqual({ revocations: [view], rejected: [] });

    const lifted = await lift(alice);
    expect([lifted.status, lifted.text]).toEqual([204, '']);
    expect(await askAsAlice()).toBe(200);
    expect((await list()).body).toEqual({ revocations: [], rejected: [] });
  });

  test.each([
    [{ subject: 'user:alice' }, { turnUsers: turnUsersOf('user:alice') }],
    [{ subject: 'user:alice', endsRelays: false }, { turnUsers: [] }],
    [{ subject: 'key:web' }, { turnUsers: [] }],
    [{ subject: 'address:192.0.2.1/32' }, { turnUsers: turnUsersOf('address:192.0.2.1/32') }],
  ])('%j never expires', async (body, expected) => {
    const answer = await revoke(body);
    expect(answer.body).toEqual({ subject: body.subject, atMs, isInForce: true, durable: false, ...expected });
  });

  test('replace an earlier one, and the next one removes those that expired', async () => {
    await revoke({ subject: 'user:bob', forSeconds: 60 });
    await revoke({ subject: 'user:alice', forSeconds: 3_600 });
    app.clock.advance(60_000);
    expect(await listed()).toEqual([
      ['user:alice', atMs + 3_600_000, true],
      ['user:bob', atMs + 60_000, false],
    ]);
    await revoke({ subject: 'user:alice' });
    expect(await listed()).toEqual([['user:alice', undefined, true]]);
  });

  test('are in the audit log with their actor; the router’s log names no subject', async () => {
    await revoke({ subject: 'user:alice-of-the-north', forSeconds: 60, reason: 'spam' });
    await revoke({ subject: 'key:web' });
    await lift('user:alice-of-the-north');
    const { entries } = await app.audit.read({ sinceMs: 0, limit: 10 });
    expect(entries.toReversed()).toMatchObject([
      {
        actor: 'admin:operator',
        action: 'subject.revoked',
        subject: 'user:alice-of-the-north',
        detail: { untilMs: atMs + 60_000, reason: 'spam' },
      },
      { actor: 'admin:operator', action: 'subject.revoked', subject: 'key:web', detail: {} },
      { actor: 'admin:operator', action: 'subject.lifted', subject: 'user:alice-of-the-north' },
    ]);
    expect(JSON.stringify(app.logLines())).not.toContain('alice');
    expect(await app.findLeaks()).toEqual([]);
  });

  const subjectForms =
    'user:<name>, issuer:<issuer>:user:<name>, address:<prefix>, key:<id>, key:<id>:user:<name> or key:<id>:address:<prefix>';
  const invalidSubject = `Invalid subject: expected ${subjectForms}`;
  test.each<[string, unknown, readonly (readonly [string, string])[]]>([
    ['nobody', {}, [['subject', 'Invalid input: expected string, received undefined']]],
    ['a name alone', { subject: 'alice' }, [['subject', invalidSubject]]],
    ['a network', { subject: 'address:192.0.2.0/24' }, [['subject', invalidSubject]]],
    [
      'three faults at once',
      { subject: 'user:a', forSeconds: 0, reason: 'a\nb', untilMs: 5 },
      [
        ['forSeconds', 'Too small: expected number to be >=1'],
        ['reason', 'Invalid string: expected no control characters and no lone surrogates'],
        ['untilMs', 'Unknown field'],
      ],
    ],
    [
      'more than ten years',
      { subject: 'user:a', forSeconds: 315_360_001 },
      [['forSeconds', 'Too big: expected number to be <=315360000']],
    ],
    [
      'a word for a choice',
      { subject: 'user:a', endsRelays: 'no' },
      [['endsRelays', 'Invalid input: expected boolean, received string']],
    ],
    ['a list', ['user:a'], [['', 'Invalid input: expected object, received array']]],
  ])('reject %s', async (_, body, faults) => {
    const answer = await revoke(Object(body));
    expect(answer.body).toEqual(invalidRequest(answer, faults));
    expect((await list()).body.revocations).toEqual([]);
  });

  test.each([
    ['user:alice', 404, 'not_revoked', 'subject: No revocation exists for this subject'],
    ['#', 404, 'not_revoked', 'subject: No revocation exists for this subject'],
    [undefined, 400, 'invalid_request', 'subject: Invalid input: expected string, received undefined'],
    ['a\nb', 400, 'invalid_request', 'subject: Invalid string: expected no control characters and no lone surrogates'],
  ])('cannot lift %j', async (subject, status, code, detail) => {
    const answer = await lift(subject);
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([status, code, detail]);
    expect((await app.audit.read({ sinceMs: 0, limit: 10 })).entries).toEqual([]);
  });
});

/** The admin API over this store. */
function appOver(store: Partial<HashStore>) {
  const metrics = createMetrics();
  const parts = createAdminParts({ store: { ...createMemoryHash(), ...store } });
  const over = express();
  over.use(withLocals);
  over.use(adminRouter(adminRoutes, parts, createRoleCheck(adminTokens, metrics)));
  over.use(problemResponder(metrics));
  return { over, audit: parts.audit };
}

const failing = (error: RegistryError) => async () => {
  throw error;
};
const away = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');
const mayNot = new RegistryError('refused', 'Redis refused the command: NOPERM', { fault: 'no_permission' });
const full = new RegistryError(
  'refused',
  'turn:revocations already holds 10000 revocations, the maximum: remove some first',
);

describe('a store of revocations', () => {
  test.each<[string, Partial<HashStore>, detail: string]>([
    ['is unreachable', { readAll: failing(away) }, 'The revocations cannot be changed now'],
    [
      'is read-only',
      { replace: failing(mayNot) },
      'The revocations cannot be changed, because the router’s Redis user may only read them. Use turnctl, or grant write access (npm run redis-acl -- --router --revokes)',
    ],
    [
      'is full',
      { replace: failing(full) },
      'The revocations cannot be changed: turn:revocations already holds 10000 revocations, the maximum: remove some first',
    ],
    [
      'has lost all revocations',
      { findLoss: () => Promise.resolve({ sign: 'held', entries: 2 }) },
      'Redis has lost all revocations. Routers enforce the last known ones. Restore them with "turnctl revoke import", then retry',
    ],
    [
      'is changed by others all the time',
      { replace: () => Promise.resolve(false) },
      'Other clients keep changing this revocation: retry',
    ],
  ])('%s: responds with 503, and records no audit entry', async (_, store, expected) => {
    const { over, audit } = appOver(store);
    const { status, body, headers } = await request(over)
      .put('/admin/v1/revocations')
      .set(asOperator)
      .send({ subject: 'user:alice' });
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'registry_unavailable', '1']);
    expect(body.detail).toBe(expected);
    expect((await audit.read({ sinceMs: 0, limit: 10 })).entries).toEqual([]);
  });

  test('responds with 503 if it cannot be read, not with an empty list', async () => {
    const { over } = appOver({ readAll: failing(away) });
    const { status, body } = await request(over).get('/admin/v1/revocations').set(asOperator);
    expect([status, body.code, body.detail]).toEqual([
      503,
      'registry_unavailable',
      'The revocations cannot be read now',
    ]);
  });

  test('lists an invalid entry as rejected, and can remove it', async () => {
    const { over } = appOver(createMemoryHash(new Map([['rubbish', 'x']])));
    const read = async () => (await request(over).get('/admin/v1/revocations').set(asOperator)).body;
    expect(await read()).toEqual({ revocations: [], rejected: ['rubbish'] });
    await request(over).post('/admin/v1/revocations/lift').set(asOperator).send({ subject: 'rubbish' }).expect(204);
    expect(await read()).toEqual({ revocations: [], rejected: [] });
  });
});
