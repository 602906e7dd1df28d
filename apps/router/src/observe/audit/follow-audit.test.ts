import { expect, test } from '@jest/globals';
import type { AuditEvent } from '@turn-router/contract/registry';
import { createAuditRedactor } from './follow-audit.ts';

const redacted = createAuditRedactor((subject) => `hash of ${subject.length} chars`);
const actor = 'admin:operator';
const revoked = { actor, action: 'subject.revoked' } as const;

test.each<[string, AuditEvent, AuditEvent]>([
  [
    'a user who is revoked',
    { ...revoked, subject: 'user:alice', detail: { untilMs: 5, reason: 'called Bob names' } },
    { ...revoked, subject: 'hash of 10 chars', detail: { untilMs: 5 } },
  ],
  [
    'a user who is let in again',
    { actor, action: 'subject.lifted', subject: 'key:web:user:alice' },
    { actor, action: 'subject.lifted', subject: 'hash of 18 chars', detail: {} },
  ],
  ['a key', { ...revoked, subject: 'key:web' }, { ...revoked, subject: 'key:web', detail: {} }],
  [
    'a policy',
    { actor, action: 'policy.changed', subject: 'policy', detail: { sha256: '0f' } },
    { actor, action: 'policy.changed', subject: 'policy', detail: { sha256: '0f' } },
  ],
])('logs no more than TURN servers know of %s', (_, event, expected) => {
  expect(redacted(event)).toEqual(expected);
});
