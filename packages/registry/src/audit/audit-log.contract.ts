import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '@turn-router/contract/registry';
import type { AuditLog, AuditQuery } from './audit-log.ts';

export type AuditLogUnderTest = AsyncDisposable & {
  readonly log: AuditLog;
  /** Adds an invalid entry; undefined when that is impossible. */
  readonly spoil: (() => Promise<unknown>) | undefined;
};

const draining: AuditEvent = { actor: 'router:a', action: 'node.draining', subject: 'eu-central-1/node-01' };
const keyEvent = (subject: string): AuditEvent => ({ actor: 'turnctl:kim@ops-1', action: 'key.created', subject });
const everything = { sinceMs: 0, limit: 1_000 };

const subjectsOf = async (log: AuditLog, query: Partial<AuditQuery> = {}) =>
  (await log.read({ ...everything, ...query })).entries.map(({ subject }) => subject);

/** Tests any AuditLog. */
export function describeAuditLog(name: string, open: () => Promise<AuditLogUnderTest>): void {
  describe(`${name}, as an audit log`, () => {
    test('is empty at first', async () => {
      await using subject = await open();
      expect(await subject.log.read(everything)).toEqual({ entries: [], rejected: 0, before: undefined });
    });

    test('returns the appended events, newest first, with increasing ids', async () => {
      await using subject = await open();
      const events = [
        { ...keyEvent('web'), detail: { ttlSeconds: 60, forced: true, label: 'Ä“"' } },
        keyEvent('app'),
        draining,
      ];
      for (const event of events) expect(await subject.log.append(event)).toBe(true);
      const { entries } = await subject.log.read(everything);
      expect(entries.map(({ id: _id, atMs: _atMs, ...event }) => event)).toEqual(events.toReversed());
      expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
      expect(entries.map(({ id, atMs }) => id.startsWith(`${atMs}-`))).toEqual([true, true, true]);
      expect(entries.map(({ atMs }) => atMs)).toEqual(entries.map(({ atMs }) => atMs).toSorted((a, b) => b - a));
    });

    test('returns no more than the limit, and where to continue', async () => {
      await using subject = await open();
      for (const key of ['a', 'b', 'c', 'd', 'e']) await subject.log.append(keyEvent(key));
      const first = await subject.log.read({ ...everything, limit: 2 });
      const second = await subject.log.read({ ...everything, limit: 2, before: first.before });
      const third = await subject.log.read({ ...everything, limit: 2, before: second.before });
      const pages = [first, second, third].map(({ entries }) => entries.map((entry) => entry.subject).join(''));
      expect([pages, third.before]).toEqual([['ed', 'cb', 'a'], undefined]);
      expect((await subject.log.read({ ...everything, limit: 5 })).before).toBeUndefined();
    });

    test('filters by action', async () => {
      await using subject = await open();
      for (const event of [keyEvent('a'), draining, keyEvent('b'), draining]) await subject.log.append(event);
      expect(await subjectsOf(subject.log, { action: 'key.created' })).toEqual(['b', 'a']);
      expect(await subjectsOf(subject.log, { action: 'key.created', limit: 1 })).toEqual(['b']);
      expect(await subjectsOf(subject.log, { action: 'policy.changed' })).toEqual([]);
    });

    test('returns nothing older than `sinceMs`', async () => {
      await using subject = await open();
      await subject.log.append(keyEvent('a'));
      const [{ atMs } = { atMs: 0 }] = (await subject.log.read(everything)).entries;
      expect(await subjectsOf(subject.log, { sinceMs: atMs })).toEqual(['a']);
      expect(await subjectsOf(subject.log, { sinceMs: atMs + 1 })).toEqual([]);
      expect(await subjectsOf(subject.log, { sinceMs: -1.5 })).toEqual(['a']);
    });

    test('writes a change once, however many routers see it, and then the next change', async () => {
      await using subject = await open();
      const returned: AuditEvent = { ...draining, action: 'node.returned' };
      const another: AuditEvent = { ...draining, subject: 'eu-central-1/node-02' };
      const say = (event: AuditEvent, is: string) =>
        subject.log.append(event, { of: event.subject, is, lastsMs: 60_000 });
      expect(await say(draining, 'draining')).toBe(true);
      expect(await say({ ...draining, actor: 'router:b' }, 'draining')).toBe(false);
      expect(await say(another, 'draining')).toBe(true);
      expect(await say(returned, 'healthy')).toBe(true);
      expect(await say(returned, 'healthy')).toBe(false);
      expect(await say(draining, 'draining')).toBe(true);
      expect((await subject.log.read(everything)).entries.map(({ action }) => action)).toEqual([
        'node.draining',
        'node.returned',
        'node.draining',
        'node.draining',
      ]);
    });

    test('does not write a change again that a router sees late', async () => {
      await using subject = await open();
      const returned: AuditEvent = { ...draining, action: 'node.returned' };
      const say = (event: AuditEvent, of = 'node') =>
        subject.log.append(event, { of, is: event.action, lastsMs: 60_000, settlesMs: 30_000 });
      expect([await say(draining), await say(returned)]).toEqual([true, true]);
      expect([await say(draining), await say(returned)]).toEqual([false, false]);
      expect([await say(draining, 'another'), await say(returned, 'another')]).toEqual([true, true]);
    });

    test('skips and counts invalid entries', async () => {
      await using subject = await open();
      await subject.log.append(keyEvent('a'));
      await subject.spoil?.();
      expect(await subject.log.append(keyEvent('b'))).toBe(true);
      const { entries, rejected } = await subject.log.read(everything);
      expect(entries.map((entry) => entry.subject)).toEqual(['b', 'a']);
      expect(rejected).toBe(subject.spoil === undefined ? 0 : 1);
    });

    test.each([
      ['without a subject', { ...draining, subject: '' }],
      ['with a line feed', { ...draining, actor: 'a\nb' }],
      [
        'that is too long',
        { ...draining, detail: Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`a${n}`, 'x'.repeat(500)])) },
      ],
    ])('rejects an event %s', async (_what, event) => {
      await using subject = await open();
      await expect(Promise.resolve().then(() => subject.log.append(event))).rejects.toThrow('invalid audit event');
      expect(await subjectsOf(subject.log)).toEqual([]);
    });
  });
}
