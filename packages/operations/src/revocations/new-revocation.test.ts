import { expect, test } from '@jest/globals';
import { newRevocation, type RevocationRequest } from './new-revocation.ts';

const turnUsersOf = (subject: string) => [`of-${subject.length}-chars`];

test.each<[string, Omit<RevocationRequest, 'atMs'>, object]>([
  ['without an end', { subject: 'user:alice', turnUsersOf }, { at_ms: 5, turn_users: ['of-10-chars'] }],
  ['with a duration', { subject: 'user:alice', forMs: 1 }, { at_ms: 5, until_ms: 6, turn_users: [] }],
  ['with a reason', { subject: 'user:alice', reason: 'spam' }, { at_ms: 5, reason: 'spam', turn_users: [] }],
  ['of a whole key', { subject: 'key:web', turnUsersOf }, { at_ms: 5, turn_users: [] }],
])('builds a revocation %s', (_, request, record) => {
  expect(newRevocation({ ...request, atMs: 5 })).toEqual({ ok: true, record });
});

test.each<[string, Partial<RevocationRequest>, string]>([
  ['an invalid subject', { subject: 'alice' }, ''],
  ['an invalid TURN user', { turnUsersOf: () => ['x'] }, 'turn_users[0]'],
  ['an end beyond the calendar', { forMs: 2 ** 53 }, 'until_ms'],
])('rejects %s', (_, request, field) => {
  const made = newRevocation({ subject: 'user:alice', atMs: 5, ...request });
  expect(made).toMatchObject({ ok: false, faults: [{ field }] });
});
