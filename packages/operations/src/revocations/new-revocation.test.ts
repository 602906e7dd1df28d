import { expect, test } from '@jest/globals';
import { newRevocation, type RevocationWish } from './new-revocation.ts';

const turnUsersOf = (subject: string) => [`of-${subject.length}-letters`];

test.each<[string, Omit<RevocationWish, 'atMs'>, object]>([
  ['for good', { subject: 'user:alice', turnUsersOf }, { at_ms: 5, turn_users: ['of-10-letters'] }],
  ['for a time', { subject: 'user:alice', forMs: 1 }, { at_ms: 5, until_ms: 6, turn_users: [] }],
  ['with a reason', { subject: 'user:alice', reason: 'spam' }, { at_ms: 5, reason: 'spam', turn_users: [] }],
  ['of a whole key', { subject: 'key:web', turnUsersOf }, { at_ms: 5, turn_users: [] }],
])('a revocation %s', (_, wish, record) => {
  expect(newRevocation({ ...wish, atMs: 5 })).toEqual({ ok: true, record });
});

test.each<[string, Partial<RevocationWish>, string]>([
  ['nobody', { subject: 'alice' }, ''],
  ['TURN users that are none', { turnUsersOf: () => ['x'] }, 'turn_users[0]'],
  ['no time of the calendar', { forMs: 2 ** 53 }, 'until_ms'],
])('what routers would not read is told: %s', (_, wish, field) => {
  const made = newRevocation({ subject: 'user:alice', atMs: 5, ...wish });
  expect(made).toMatchObject({ ok: false, faults: [{ field }] });
});
