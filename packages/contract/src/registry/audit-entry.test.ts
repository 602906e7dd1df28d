import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auditActions, auditEventMaxLength, auditEventSchema, parseAuditEntry } from './audit-entry.ts';

const event = { actor: 'turnctl:kim@ops-1', action: 'key.revoked', subject: 'web' };
const id = '1795248000000-0';

const detailOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, n]));

describe('an entry of the audit log', () => {
  test('is parsed with the time at which it was stored', () => {
    const said = { ...event, detail: { secrets: 'all', before: 2, forced: true } };
    expect(parseAuditEntry(id, JSON.stringify(said))).toEqual({
      ok: true,
      entry: { id, atMs: 1_795_248_000_000, ...said },
    });
  });

  test('takes its time from its id and ignores its own field', () => {
    const parsed = parseAuditEntry(id, JSON.stringify({ ...event, id: '1-0', atMs: 1, more: 'x' }));
    expect(parsed).toEqual({ ok: true, entry: { id, atMs: 1_795_248_000_000, ...event } });
  });

  test.each([
    ['nothing', id, '', ''],
    ['no object', id, '7', 'actor'],
    ['too much', id, JSON.stringify({ ...event, subject: 'x'.repeat(auditEventMaxLength) }), ''],
    ['an unknown action', id, JSON.stringify({ ...event, action: 'key.lost' }), 'action'],
    ['two lines in one', id, JSON.stringify({ ...event, subject: 'web\nkey' }), 'subject'],
    ['an escape for terminals', id, JSON.stringify({ ...event, actor: '\u001B[2J' }), 'actor'],
    ['a detail within a detail', id, JSON.stringify({ ...event, detail: { a: {} } }), 'detail.a'],
    ['a long detail', id, JSON.stringify({ ...event, detail: { a: 'x'.repeat(513) } }), 'detail.a'],
    ['a bad id', 'yesterday', JSON.stringify(event), 'id'],
    ['an id that Redis does not have', '1-18446744073709551616', JSON.stringify(event), 'id'],
  ])('is rejected for %s', (_what, atId, json, field) => {
    const parsed = parseAuditEntry(atId, json);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.field)).toContain(field);
  });

  test('has at most 16 details', () => {
    expect(auditEventSchema.safeParse({ ...event, detail: detailOf(16) }).success).toBe(true);
    expect(auditEventSchema.safeParse({ ...event, detail: detailOf(17) }).success).toBe(false);
  });

  test('is parsed or rejected without an exception, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (atId, json) => {
        expect(typeof parseAuditEntry(atId, json).ok).toBe('boolean');
      }),
    );
  });
});

test('every action is named by its object and a verb', () => {
  expect(auditActions.filter((action) => !/^(key|secret|subject|node|policy)\.[a-z]+$/.test(action))).toEqual([]);
});
