import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { EntryStore } from '../entries.ts';
import type { OperationErrorCode } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { contentOf, noonMs, withConcurrentChange, put, type OpenStores } from '../stores.fixture.ts';
import { liftSubject } from './lift-subject.ts';
import { listRevocations } from './list-revocations.ts';
import { revokeSubject, type RevokeSubjectRequest } from './revoke-subject.ts';

const actor = 'admin:operator';
const alice = 'user:alice';
const turnUsersOf = () => ['3q2-7wABCd_f'];

const revoke = (parts: OperationParts, request: Partial<RevokeSubjectRequest> = {}) =>
  revokeSubject(parts, actor, { subject: alice, ...request });
const lift = (parts: OperationParts, subject = alice) => liftSubject(parts, actor, subject);
const revokeKeyAndDelete = (parts: OperationParts) => revoke(parts, { subject: 'key:web', takeKeyFrom: parts.keys });

const stored = (atMs: number, untilMs?: number) =>
  JSON.stringify({ at_ms: atMs, ...(untilMs === undefined ? {} : { until_ms: untilMs }), turn_users: [] });

type Act = (parts: OperationParts) => Promise<unknown>;
type Content = Readonly<Record<string, string>>;
const revoked = (detail: AuditEvent['detail'] = {}, subject = alice): AuditEvent => ({
  actor,
  action: 'subject.revoked',
  subject,
  detail,
});
const lifted = (subject = alice): AuditEvent => ({ actor, action: 'subject.lifted', subject });

/** The test suite of the use cases of revocations, for any stores. */
export function describeRevocationOperations(name: string, open: OpenStores): void {
  describe(`${name}: revocations`, () => {
    test.each<[string, before: Content, Act, after: Record<string, unknown>, AuditEvent]>([
      [
        'revoking without an end',
        {},
        (parts) => revoke(parts, { turnUsersOf }),
        { [alice]: { at_ms: noonMs, turn_users: turnUsersOf() } },
        revoked(),
      ],
      [
        'revoking for a time with a reason',
        {},
        (parts) => revoke(parts, { forMs: 1, reason: 'spam' }),
        { [alice]: { at_ms: noonMs, until_ms: noonMs + 1, reason: 'spam', turn_users: [] } },
        revoked({ untilMs: noonMs + 1, reason: 'spam' }),
      ],
      [
        'replacing an earlier revocation',
        { [alice]: stored(1, noonMs + 5) },
        revoke,
        { [alice]: { at_ms: noonMs, turn_users: [] } },
        revoked(),
      ],
      [
        'revoking, which also deletes only expired revocations,',
        { 'user:over': stored(1, noonMs), 'user:bob': stored(1, noonMs + 1), 'user:eve': stored(1), rubbish: 'x' },
        revoke,
        {
          [alice]: { at_ms: noonMs, turn_users: [] },
          'user:bob': { at_ms: 1, until_ms: noonMs + 1, turn_users: [] },
          'user:eve': { at_ms: 1, turn_users: [] },
          rubbish: 'x',
        },
        revoked(),
      ],
      ['lifting a revocation', { [alice]: stored(1), rubbish: 'x' }, lift, { rubbish: 'x' }, lifted()],
      ['lifting an invalid entry', { 'a\nb': 'x' }, (parts) => lift(parts, 'a\nb'), {}, lifted('a?b')],
    ])('%s writes one audit entry', async (_, before, act, after, entry) => {
      await using stores = await open();
      await put(stores.parts.revocations, before);
      await act(stores.parts);
      expect(await contentOf(stores.parts.revocations)).toEqual(after);
      expect(await stores.written()).toEqual([entry]);
    });

    const unusedStore: EntryStore = { readAll: fail, replace: fail, replaceAll: fail, findLoss: fail };
    test.each<[string, Partial<RevokeSubjectRequest>, left: string[], AuditEvent['detail']]>([
      ['without an end deletes it', {}, ['other'], { isKeyTakenAway: true }],
      ['for a time keeps it', { forMs: 1 }, ['other', 'web'], { untilMs: noonMs + 1 }],
      ['that is not stored deletes nothing', { subject: 'key:app' }, ['other', 'web'], {}],
      ['without takeKeyFrom keeps it', { takeKeyFrom: undefined }, ['other', 'web'], {}],
      [
        'for one of its users does not read the keys',
        { subject: 'key:web:user:alice', takeKeyFrom: unusedStore },
        ['other', 'web'],
        {},
      ],
    ])('a revocation of a key %s', async (_, request, left, detail) => {
      await using stores = await open();
      const { keys } = stores.parts;
      await put(keys, { web: 'x', other: 'y' });
      const { isKeyTakenAway } = await revoke(stores.parts, { subject: 'key:web', takeKeyFrom: keys, ...request });
      expect(Object.keys(await contentOf(keys)).toSorted()).toEqual(left);
      expect(isKeyTakenAway).toBe(left.length === 1);
      expect(await stores.written()).toEqual([revoked(detail, request.subject ?? 'key:web')]);
    });

    test('keeps and records the revocation of a key that cannot be deleted', async () => {
      await using stores = await open();
      const noPermission = new RegistryError('refused', 'NOPERM');
      const takeKeyFrom = { ...unusedStore, readAll: () => Promise.reject(noPermission) };
      await expect(revoke(stores.parts, { subject: 'key:web', takeKeyFrom })).rejects.toBe(noPermission);
      expect(Object.keys(await contentOf(stores.parts.revocations))).toEqual(['key:web']);
      expect(await stores.written()).toEqual([revoked({}, 'key:web')]);
    });

    test.each<[string, Act, OperationErrorCode, fields: string[]]>([
      ['revoking an invalid subject', (parts) => revoke(parts, { subject: 'alice' }), 'invalid', ['']],
      ['a reason of two lines', (parts) => revoke(parts, { reason: 'a\nb' }), 'invalid', ['reason']],
      ['an invalid TURN user', (parts) => revoke(parts, { turnUsersOf: () => ['x'] }), 'invalid', ['turn_users[0]']],
      ['lifting a subject that is not revoked', lift, 'not_revoked', []],
    ])('%s is refused without an audit entry', async (_, act, code, fields) => {
      await using stores = await open();
      await put(stores.parts.revocations, { 'user:over': stored(1, 2) });
      const error: unknown = await act(stores.parts).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'OperationError', code, faults: fields.map((field) => ({ field })) });
      expect(Object.keys(await contentOf(stores.parts.revocations))).toEqual(['user:over']);
      expect(await stores.written()).toEqual([]);
    });

    test('lists all revocations by subject, including expired revocations, and the names of invalid entries', async () => {
      await using stores = await open();
      expect(await listRevocations(stores.parts)).toEqual({ entries: new Map(), rejected: [], loss: undefined });
      await put(stores.parts.revocations, { 'user:bob': stored(1), rubbish: 'x', [alice]: stored(1, 2) });
      const { entries, rejected } = await listRevocations(stores.parts);
      expect([[...entries], rejected]).toEqual([
        [
          [alice, { at_ms: 1, until_ms: 2, turn_users: [] }],
          ['user:bob', { at_ms: 1, turn_users: [] }],
        ],
        ['rubbish'],
      ]);
    });

    test.each<[times: number, outcome: string]>([
      [2, 'done'],
      [3, 'conflict'],
    ])('replaces concurrent revocations, up to two times: %d times: %s', async (times, outcome) => {
      await using stores = await open();
      let changes = 0;
      const change = async ({ revocations }: OperationParts) =>
        revocations.replace(alice, (await revocations.readAll())?.get(alice), stored((changes += 1)));
      const revocations = withConcurrentChange(stores.parts.revocations, () => change(stores.others), times);
      const code = await revoke({ ...stores.parts, revocations }).then(
        () => 'done',
        (error: { code: string }) => error.code,
      );
      expect(code).toBe(outcome);
      const isDone = outcome === 'done';
      expect(await contentOf(stores.parts.revocations)).toEqual({
        [alice]: { at_ms: isDone ? noonMs : 3, turn_users: [] },
      });
      expect(await stores.written()).toEqual(isDone ? [revoked()] : []);
    });

    test('replaces an expired revocation in one step', async () => {
      await using stores = await open();
      await put(stores.parts.revocations, { [alice]: stored(1, 2) });
      const changes: string[] = [];
      const { revocations } = stores.parts;
      const { replace } = revocations;
      await revoke({
        ...stores.parts,
        revocations: { ...revocations, replace: (...entry) => (changes.push(entry[0]), replace(...entry)) },
      });
      expect(changes).toEqual([alice]);
    });

    test('deletes a revoked key that changes concurrently', async () => {
      await using stores = await open();
      const { keys } = stores.parts;
      await put(keys, { web: 'x' });
      const takeKeyFrom = withConcurrentChange(keys, () => stores.others.keys.replace('web', 'x', 'y'));
      await revoke(stores.parts, { subject: 'key:web', takeKeyFrom });
      expect(await contentOf(keys)).toEqual({});
    });

    test.each<[string, before: Content, Act, outcomes: string[], written: number]>([
      ['revoke the same subject', {}, revoke, ['done', 'done'], 2],
      ['lift the same subject', { [alice]: stored(1) }, lift, ['done', 'not_revoked'], 1],
      ['revoke the same key', {}, revokeKeyAndDelete, ['done', 'done'], 2],
    ])('if two operators %s at once, each entry says what was done', async (_, before, act, outcomes, written) => {
      await using stores = await open();
      await put(stores.parts.revocations, before);
      await put(stores.parts.keys, { web: 'x' });
      const results = await Promise.allSettled([act(stores.parts), act(stores.others)]);
      const codes: string[] = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'));
      expect(codes.toSorted()).toEqual(outcomes);
      const events = await stores.written();
      expect(events).toHaveLength(written);
      expect(events.filter(({ detail }) => detail?.['isKeyTakenAway'] === true)).toHaveLength(
        act === revokeKeyAndDelete ? 1 : 0,
      );
    });

    test('passes on the error of an unreachable store', async () => {
      await using stores = await open();
      const away = new RegistryError('unavailable', 'away');
      const fails = () => Promise.reject(away);
      const revocations = { readAll: fails, replace: fails, replaceAll: fails, findLoss: fails };
      for (const act of [revoke, lift]) await expect(act({ ...stores.parts, revocations })).rejects.toBe(away);
      expect(await stores.written()).toEqual([]);
    });
  });
}

function fail(): Promise<never> {
  throw new Error('unexpected call of this store');
}
