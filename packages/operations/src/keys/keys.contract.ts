import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { ApiKeyRecord, AuditEvent } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { OperationErrorCode } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { contentOf, overtaken, put, type OpenStores } from '../stores.fixture.ts';
import { createKey, newKey, type KeyWish } from './create-key.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';
import { listKeys } from './stored-keys.ts';

const actor = 'turnctl:kim@ops-1';
const created_at = '2026-11-21T12:00:00.000Z';

/** The key of the application `web` whose secret was the nth to be drawn, and what is stored of it. */
const keyOf = (nth: number) => `tr_web_${Buffer.alloc(32, nth).toString('base64url')}`;
const secretOf = (nth: number) => ({ sha256: createHash('sha256').update(keyOf(nth)).digest('hex'), created_at });

const older = { sha256: 'a'.repeat(64) };
const newer = { sha256: 'b'.repeat(64) };
const withSecrets = (...secrets: ApiKeyRecord['secrets']) => JSON.stringify({ secrets, label: 'Web' });
const web = withSecrets(older);
const rotated = withSecrets(newer, older);

const create = (parts: OperationParts, scope: KeyWish['scope'] = {}) =>
  createKey(parts, actor, newKey({ id: 'web', scope }, parts));
const rotate = (parts: OperationParts) => rotateKey(parts, actor, 'web');
const revoke = (parts: OperationParts, secrets: 'all' | 'older' = 'all', id = 'web') =>
  revokeKey(parts, actor, { id, secrets });

type Act = (parts: OperationParts) => Promise<unknown>;
type Content = Readonly<Record<string, string>>;
const event = (action: AuditEvent['action'], detail?: AuditEvent['detail'], subject = 'web'): AuditEvent => ({
  actor,
  action,
  subject,
  ...(detail === undefined ? {} : { detail }),
});

/** What the use cases of keys do, over any stores. */
export function describeKeyOperations(name: string, open: OpenStores): void {
  describe(`${name}: keys`, () => {
    test.each<[string, before: Content, Act, after: Record<string, unknown>, AuditEvent]>([
      ['a new one', {}, create, { web: { secrets: [secretOf(1)] } }, event('key.created')],
      [
        'a new one with a scope',
        {},
        (parts) => create(parts, { label: 'W\nb', max_ttl_seconds: 600 }),
        { web: { secrets: [secretOf(1)], label: 'W\nb', max_ttl_seconds: 600 } },
        event('key.created', { label: 'W?b' }),
      ],
      [
        'a second secret',
        { web },
        rotate,
        { web: { secrets: [secretOf(1), older], label: 'Web' } },
        event('key.rotated'),
      ],
      [
        'the older secret taken away',
        { web: rotated },
        (parts) => revoke(parts, 'older'),
        { web: { secrets: [newer], label: 'Web' } },
        event('key.revoked', { secrets: 'older' }),
      ],
      ['a whole key taken away', { web: rotated }, revoke, {}, event('key.revoked', { secrets: 'all' })],
      [
        'what is none taken away, told in one line',
        { [`\u001B[2J\n${'x'.repeat(300)}`]: 'x' },
        (parts) => revoke(parts, 'all', `\u001B[2J\n${'x'.repeat(300)}`),
        {},
        event('key.revoked', { secrets: 'all' }, `?[2J?${'x'.repeat(251)}`),
      ],
    ])('%s is written down once', async (_, before, act, after, entry) => {
      await using stores = await open();
      await put(stores.parts.keys, { ...before, other: 'y' });
      await act(stores.parts);
      expect(await contentOf(stores.parts.keys)).toEqual({ ...after, other: 'y' });
      expect(await stores.written()).toEqual([entry]);
    });

    test.each<[string, before: Content, Act, OperationErrorCode]>([
      ['a new one of an id that is taken', { web }, create, 'exists'],
      ['a new one of an id under which rubbish stands', { web: 'x' }, create, 'exists'],
      ['a second secret of none', {}, rotate, 'not_found'],
      ['a second secret of what is none', { web: 'x' }, rotate, 'not_a_key'],
      ['a third secret', { web: rotated }, rotate, 'two_secrets'],
      ['none taken away', {}, revoke, 'not_found'],
      ['the older secret of none taken away', {}, (parts) => revoke(parts, 'older'), 'not_found'],
      ['the older secret of what is none taken away', { web: 'x' }, (parts) => revoke(parts, 'older'), 'not_a_key'],
      ['the only secret taken away as the older', { web }, (parts) => revoke(parts, 'older'), 'one_secret'],
      ['a new one with a bad scope', {}, async (parts) => create(parts, { origins: ['*'] }), 'invalid'],
    ])('%s is refused, and written down nowhere', async (_, before, act, code) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      const unchanged = await contentOf(stores.parts.keys);
      await expect(act(stores.parts)).rejects.toMatchObject({ name: 'OperationError', code });
      expect(await contentOf(stores.parts.keys)).toEqual(unchanged);
      expect(await stores.written()).toEqual([]);
    });

    test('a new secret is given once, and what is stored of it', async () => {
      await using stores = await open();
      const made = newKey({ id: 'web', scope: {} }, stores.parts);
      expect(made).toEqual({ id: 'web', key: keyOf(1), record: { secrets: [secretOf(1)] } });
      await createKey(stores.parts, actor, made);
      const second = { id: 'web', key: keyOf(2), record: { secrets: [secretOf(2), secretOf(1)] } };
      expect(await rotate(stores.parts)).toEqual(second);
      expect(JSON.stringify(await stores.written())).not.toContain(keyOf(2).slice('tr_web_'.length));
    });

    test('are listed by id, with the names of what is none', async () => {
      await using stores = await open();
      await put(stores.parts.keys, { web, Bad: 'x', app: rotated });
      const { entries, rejected } = await listKeys(stores.parts);
      expect([...entries.keys(), rejected]).toEqual(['app', 'web', ['Bad']]);
      expect(entries.get('web')).toEqual(JSON.parse(web));
    });

    test.each<[string, before: Content, Act, meanwhile: Act, after: Record<string, unknown>, written: string[]]>([
      [
        'a second secret, of a key that gets another label',
        { web },
        rotate,
        ({ keys }) => keys.replace('web', web, JSON.stringify({ secrets: [older], label: 'New' })),
        { web: { secrets: [secretOf(1), older], label: 'New' } },
        ['key.rotated'],
      ],
      [
        'a second secret, of one whose older is taken away',
        { web: withSecrets(newer) },
        rotate,
        async ({ keys }) => {
          await keys.replace('web', withSecrets(newer), rotated);
          await keys.replace('web', rotated, web);
        },
        { web: { secrets: [secretOf(1), older], label: 'Web' } },
        ['key.rotated'],
      ],
      ['a key taken away that is rotated', { web }, revoke, rotate, {}, ['key.rotated', 'key.revoked']],
    ])('whoever is overtaken decides again: %s', async (_, before, act, meanwhile, after, written) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      await act({ ...stores.parts, keys: overtaken(stores.parts.keys, () => meanwhile(stores.others)) });
      expect(await contentOf(stores.parts.keys)).toEqual(after);
      expect((await stores.written()).map(({ action }) => action)).toEqual(written);
    });

    test.each<[string, before: Content, Act, meanwhile: Act, OperationErrorCode, written: string[]]>([
      ['a second secret', { web }, rotate, rotate, 'two_secrets', ['key.rotated']],
      ['a second secret of one that is taken away', { web }, rotate, revoke, 'not_found', ['key.revoked']],
      ['a key taken away', { web }, revoke, revoke, 'not_found', ['key.revoked']],
      [
        'the older taken away',
        { web: rotated },
        (parts) => revoke(parts, 'older'),
        (parts) => revoke(parts, 'older'),
        'one_secret',
        ['key.revoked'],
      ],
      [
        'the older taken away, which is no longer the one that was meant',
        { web: rotated },
        (parts) => revoke(parts, 'older'),
        async (parts) => {
          await revoke(parts, 'older');
          await rotate(parts);
        },
        'conflict',
        ['key.revoked', 'key.rotated'],
      ],
      ['a new one', {}, create, create, 'exists', ['key.created']],
    ])('whoever comes second by a moment is told: %s', async (_, before, act, meanwhile, code, written) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      const parts = { ...stores.parts, keys: overtaken(stores.parts.keys, () => meanwhile(stores.others)) };
      await expect(act(parts)).rejects.toMatchObject({ code });
      expect((await stores.written()).map(({ action }) => action)).toEqual(written);
    });

    test.each<[string, before: Content, Act, OperationErrorCode]>([
      ['make a key', {}, create, 'exists'],
      ['rotate a key', { web }, rotate, 'two_secrets'],
      ['take a key away', { web }, revoke, 'not_found'],
      ['take the older away', { web: rotated }, (parts) => revoke(parts, 'older'), 'one_secret'],
    ])('of two who %s at once one does, and the other is told', async (_, before, act, code) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      const results = await Promise.allSettled([act(stores.parts), act(stores.others)]);
      const codes: string[] = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'));
      expect(codes.toSorted()).toEqual(['done', code].toSorted());
      expect(await stores.written()).toHaveLength(1);
    });

    test('a store that others keep changing is left to them', async () => {
      await using stores = await open();
      await put(stores.parts.keys, { web: 'x' });
      let changes = 0;
      const change = async ({ keys }: OperationParts) =>
        keys.replace('web', (await keys.readAll())?.get('web'), `${(changes += 1)}`);
      const keys = overtaken(stores.parts.keys, () => change(stores.others), 3);
      await expect(revoke({ ...stores.parts, keys })).rejects.toMatchObject({ code: 'conflict' });
      expect([await contentOf(stores.parts.keys), await stores.written()]).toEqual([{ web: '3' }, []]);
    });

    test('that a store cannot be reached is passed on', async () => {
      await using stores = await open();
      const away = new RegistryError('unavailable', 'away');
      const keys = { readAll: () => Promise.reject(away), replace: () => Promise.reject(away) };
      for (const act of [create, rotate, revoke]) await expect(act({ ...stores.parts, keys })).rejects.toBe(away);
      expect(await stores.written()).toEqual([]);
    });
  });
}
