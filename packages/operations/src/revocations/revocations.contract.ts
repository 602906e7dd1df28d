import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { EntryStore } from '../entries.ts';
import type { OperationErrorCode } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { contentOf, noonMs, overtaken, put, type OpenStores } from '../stores.fixture.ts';
import { liftSubject } from './lift-subject.ts';
import { listRevocations } from './list-revocations.ts';
import { revokeSubject, type RevokeSubjectWish } from './revoke-subject.ts';

const actor = 'admin:operator';
const alice = 'user:alice';
const turnUsersOf = () => ['3q2-7wABCd_f'];

const revoke = (parts: OperationParts, wish: Partial<RevokeSubjectWish> = {}) =>
  revokeSubject(parts, actor, { subject: alice, ...wish });
const lift = (parts: OperationParts, subject = alice) => liftSubject(parts, actor, subject);
const revokeKeyAndAll = (parts: OperationParts) => revoke(parts, { subject: 'key:web', takeKeyFrom: parts.keys });

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

/** What the use cases of revocations do, over any stores. */
export function describeRevocationOperations(name: string, open: OpenStores): void {
  describe(`${name}: revocations`, () => {
    test.each<[string, before: Content, Act, after: Record<string, unknown>, AuditEvent]>([
      [
        'somebody thrown out for good',
        {},
        (parts) => revoke(parts, { turnUsersOf }),
        { [alice]: { at_ms: noonMs, turn_users: turnUsersOf() } },
        revoked(),
      ],
      [
        'somebody thrown out for a time, and why',
        {},
        (parts) => revoke(parts, { forMs: 1, reason: 'spam' }),
        { [alice]: { at_ms: noonMs, until_ms: noonMs + 1, reason: 'spam', turn_users: [] } },
        revoked({ untilMs: noonMs + 1, reason: 'spam' }),
      ],
      [
        'what takes the place of the one before',
        { [alice]: stored(1, noonMs + 5) },
        revoke,
        { [alice]: { at_ms: noonMs, turn_users: [] } },
        revoked(),
      ],
      [
        'what takes those away that are over, and nothing else',
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
      ['somebody let in again', { [alice]: stored(1), rubbish: 'x' }, lift, { rubbish: 'x' }, lifted()],
      ['what is none taken away', { 'a\nb': 'x' }, (parts) => lift(parts, 'a\nb'), {}, lifted('a?b')],
    ])('%s is written down once', async (_, before, act, after, entry) => {
      await using stores = await open();
      await put(stores.parts.revocations, before);
      await act(stores.parts);
      expect(await contentOf(stores.parts.revocations)).toEqual(after);
      expect(await stores.written()).toEqual([entry]);
    });

    const inPlace: EntryStore = { readAll: fail, replace: fail };
    test.each<[string, Partial<RevokeSubjectWish>, left: string[], AuditEvent['detail']]>([
      ['for good takes it away', {}, ['other'], { isKeyTakenAway: true }],
      ['for a time suspends it', { forMs: 1 }, ['other', 'web'], { untilMs: noonMs + 1 }],
      ['of which none is stored', { subject: 'key:app' }, ['other', 'web'], {}],
      ['where it is to stay', { takeKeyFrom: undefined }, ['other', 'web'], {}],
      [
        'of one user alone asks for no key',
        { subject: 'key:web:user:alice', takeKeyFrom: inPlace },
        ['other', 'web'],
        {},
      ],
    ])('a revocation of a key %s', async (_, wish, left, detail) => {
      await using stores = await open();
      const { keys } = stores.parts;
      await put(keys, { web: 'x', other: 'y' });
      const { isKeyTakenAway } = await revoke(stores.parts, { subject: 'key:web', takeKeyFrom: keys, ...wish });
      expect(Object.keys(await contentOf(keys)).toSorted()).toEqual(left);
      expect(isKeyTakenAway).toBe(left.length === 1);
      expect(await stores.written()).toEqual([revoked(detail, wish.subject ?? 'key:web')]);
    });

    test('a revocation of a key that cannot be taken away stands all the same, and is written down', async () => {
      await using stores = await open();
      const mayNot = new RegistryError('refused', 'NOPERM');
      const takeKeyFrom = { readAll: () => Promise.reject(mayNot), replace: fail };
      await expect(revoke(stores.parts, { subject: 'key:web', takeKeyFrom })).rejects.toBe(mayNot);
      expect(Object.keys(await contentOf(stores.parts.revocations))).toEqual(['key:web']);
      expect(await stores.written()).toEqual([revoked({}, 'key:web')]);
    });

    test.each<[string, Act, OperationErrorCode, fields: string[]]>([
      ['nobody', (parts) => revoke(parts, { subject: 'alice' }), 'invalid', ['']],
      ['a reason of two lines', (parts) => revoke(parts, { reason: 'a\nb' }), 'invalid', ['reason']],
      [
        'TURN users that are none',
        (parts) => revoke(parts, { turnUsersOf: () => ['x'] }),
        'invalid',
        ['turn_users[0]'],
      ],
      ['nobody lifted who is not revoked', lift, 'not_revoked', []],
    ])('%s is refused, and written down nowhere', async (_, act, code, fields) => {
      await using stores = await open();
      await put(stores.parts.revocations, { 'user:over': stored(1, 2) });
      const error: unknown = await act(stores.parts).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'OperationError', code, faults: fields.map((field) => ({ field })) });
      expect(Object.keys(await contentOf(stores.parts.revocations))).toEqual(['user:over']);
      expect(await stores.written()).toEqual([]);
    });

    test('are listed by subject, those that are over included, with the names of what is none', async () => {
      await using stores = await open();
      expect(await listRevocations(stores.parts)).toEqual({ entries: new Map(), rejected: [] });
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
    ])('the last word counts, unless it is overtaken too often: %d times: %s', async (times, outcome) => {
      await using stores = await open();
      let changes = 0;
      const change = async ({ revocations }: OperationParts) =>
        revocations.replace(alice, (await revocations.readAll())?.get(alice), stored((changes += 1)));
      const revocations = overtaken(stores.parts.revocations, () => change(stores.others), times);
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

    test('what takes the place of one that is over does so in one step', async () => {
      await using stores = await open();
      await put(stores.parts.revocations, { [alice]: stored(1, 2) });
      const changes: string[] = [];
      const { readAll, replace } = stores.parts.revocations;
      await revoke({
        ...stores.parts,
        revocations: { readAll, replace: (...entry) => (changes.push(entry[0]), replace(...entry)) },
      });
      expect(changes).toEqual([alice]);
    });

    test('a key that is changed while it is revoked is taken away as well', async () => {
      await using stores = await open();
      const { keys } = stores.parts;
      await put(keys, { web: 'x' });
      const takeKeyFrom = overtaken(keys, () => stores.others.keys.replace('web', 'x', 'y'));
      await revoke(stores.parts, { subject: 'key:web', takeKeyFrom });
      expect(await contentOf(keys)).toEqual({});
    });

    test.each<[string, before: Content, Act, outcomes: string[], written: number]>([
      ['revoke the same subject', {}, revoke, ['done', 'done'], 2],
      ['lift the same subject', { [alice]: stored(1) }, lift, ['done', 'not_revoked'], 1],
      ['revoke the same key', {}, revokeKeyAndAll, ['done', 'done'], 2],
    ])('of two who %s at once, each entry says what was done', async (_, before, act, outcomes, written) => {
      await using stores = await open();
      await put(stores.parts.revocations, before);
      await put(stores.parts.keys, { web: 'x' });
      const results = await Promise.allSettled([act(stores.parts), act(stores.others)]);
      const codes: string[] = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'));
      expect(codes.toSorted()).toEqual(outcomes);
      const events = await stores.written();
      expect(events).toHaveLength(written);
      expect(events.filter(({ detail }) => detail?.['isKeyTakenAway'] === true)).toHaveLength(
        act === revokeKeyAndAll ? 1 : 0,
      );
    });

    test('that a store cannot be reached is passed on', async () => {
      await using stores = await open();
      const away = new RegistryError('unavailable', 'away');
      const revocations = { readAll: () => Promise.reject(away), replace: () => Promise.reject(away) };
      for (const act of [revoke, lift]) await expect(act({ ...stores.parts, revocations })).rejects.toBe(away);
      expect(await stores.written()).toEqual([]);
    });
  });
}

function fail(): Promise<never> {
  throw new Error('nobody asks this store');
}
