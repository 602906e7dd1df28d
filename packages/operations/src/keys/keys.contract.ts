import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { ApiKeyRecord, AuditEvent } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { OperationErrorCode } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { contentOf, withConcurrentChange, put, type OpenStores } from '../stores.fixture.ts';
import { createKey, newKey, type KeyRequest } from './create-key.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';
import { listKeys } from './stored-keys.ts';

const actor = 'turnctl:kim@ops-1';
const created_at = '2026-11-21T12:00:00.000Z';

/** The nth generated key of the application `web`, and its stored secret. */
const keyOf = (nth: number) => `tr_web_${Buffer.alloc(32, nth).toString('base64url')}`;
const secretOf = (nth: number) => ({ sha256: createHash('sha256').update(keyOf(nth)).digest('hex'), created_at });

const older = { sha256: 'a'.repeat(64) };
const newer = { sha256: 'b'.repeat(64) };
const withSecrets = (...secrets: ApiKeyRecord['secrets']) => JSON.stringify({ secrets, label: 'Web' });
const web = withSecrets(older);
const rotated = withSecrets(newer, older);

const create = (parts: OperationParts, scope: KeyRequest['scope'] = {}) =>
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

/** The test suite of the use cases of keys, for any stores. */
export function describeKeyOperations(name: string, open: OpenStores): void {
  describe(`${name}: keys`, () => {
    test.each<[string, before: Content, Act, after: Record<string, unknown>, AuditEvent]>([
      ['creating a key', {}, create, { web: { secrets: [secretOf(1)] } }, event('key.created')],
      [
        'creating a key with a scope',
        {},
        (parts) => create(parts, { label: 'W\nb', max_ttl_seconds: 600 }),
        { web: { secrets: [secretOf(1)], label: 'W\nb', max_ttl_seconds: 600 } },
        event('key.created', { label: 'W?b' }),
      ],
      [
        'creating a key with origins, whose callers count as anonymous,',
        {},
        (parts) => create(parts, { origins: ['https://a.org'] }),
        { web: { secrets: [secretOf(1)], origins: ['https://a.org'], anonymous_callers: true } },
        event('key.created'),
      ],
      [
        'creating a key with origins and trusted callers',
        {},
        (parts) => create(parts, { origins: ['https://a.org'], anonymous_callers: false }),
        { web: { secrets: [secretOf(1)], origins: ['https://a.org'], anonymous_callers: false } },
        event('key.created'),
      ],
      [
        'rotating a key with a new expiry',
        { web },
        (parts) => rotateKey(parts, actor, 'web', { expiresAt: '2027-02-27T00:00:00.000Z' }),
        { web: { secrets: [secretOf(1), older], label: 'Web', expires_at: '2027-02-27T00:00:00.000Z' } },
        event('key.rotated'),
      ],
      [
        'rotating a key',
        { web },
        rotate,
        { web: { secrets: [secretOf(1), older], label: 'Web' } },
        event('key.rotated'),
      ],
      [
        'revoking the older secret',
        { web: rotated },
        (parts) => revoke(parts, 'older'),
        { web: { secrets: [newer], label: 'Web' } },
        event('key.revoked', { secrets: 'older' }),
      ],
      ['revoking a whole key', { web: rotated }, revoke, {}, event('key.revoked', { secrets: 'all' })],
      [
        'revoking an invalid entry with an unprintable id',
        { [`\u001B[2J\n${'x'.repeat(300)}`]: 'x' },
        (parts) => revoke(parts, 'all', `\u001B[2J\n${'x'.repeat(300)}`),
        {},
        event('key.revoked', { secrets: 'all' }, `?[2J?${'x'.repeat(251)}`),
      ],
    ])('%s writes one audit entry', async (_, before, act, after, entry) => {
      await using stores = await open();
      await put(stores.parts.keys, { ...before, other: 'y' });
      await act(stores.parts);
      expect(await contentOf(stores.parts.keys)).toEqual({ ...after, other: 'y' });
      expect(await stores.written()).toEqual([entry]);
    });

    test.each<[string, before: Content, Act, OperationErrorCode]>([
      ['creating a key whose id is taken', { web }, create, 'exists'],
      ['creating a key whose id has an invalid entry', { web: 'x' }, create, 'exists'],
      ['rotating a missing key', {}, rotate, 'not_found'],
      ['rotating an invalid entry', { web: 'x' }, rotate, 'not_a_key'],
      ['adding a third secret', { web: rotated }, rotate, 'two_secrets'],
      ['revoking a missing key', {}, revoke, 'not_found'],
      ['revoking the older secret of a missing key', {}, (parts) => revoke(parts, 'older'), 'not_found'],
      ['revoking the older secret of an invalid entry', { web: 'x' }, (parts) => revoke(parts, 'older'), 'not_a_key'],
      ['revoking the only secret as the older one', { web }, (parts) => revoke(parts, 'older'), 'one_secret'],
      ['creating a key with an invalid scope', {}, async (parts) => create(parts, { origins: ['*'] }), 'invalid'],
    ])('%s is refused without an audit entry', async (_, before, act, code) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      const unchanged = await contentOf(stores.parts.keys);
      await expect(act(stores.parts)).rejects.toMatchObject({ name: 'OperationError', code });
      expect(await contentOf(stores.parts.keys)).toEqual(unchanged);
      expect(await stores.written()).toEqual([]);
    });

    test('returns each new key once, with its stored record', async () => {
      await using stores = await open();
      const made = newKey({ id: 'web', scope: {} }, stores.parts);
      expect(made).toEqual({ id: 'web', key: keyOf(1), record: { secrets: [secretOf(1)] } });
      await createKey(stores.parts, actor, made);
      const second = { id: 'web', key: keyOf(2), record: { secrets: [secretOf(2), secretOf(1)] } };
      expect(await rotate(stores.parts)).toEqual(second);
      expect(JSON.stringify(await stores.written())).not.toContain(keyOf(2).slice('tr_web_'.length));
    });

    test('lists keys by id, with the ids of invalid entries', async () => {
      await using stores = await open();
      await put(stores.parts.keys, { web, Bad: 'x', app: rotated });
      const { entries, rejected } = await listKeys(stores.parts);
      expect([...entries.keys(), rejected]).toEqual(['app', 'web', ['Bad']]);
      expect(entries.get('web')).toEqual(JSON.parse(web));
    });

    test.each<[string, before: Content, Act, meanwhile: Act, after: Record<string, unknown>, written: string[]]>([
      [
        'rotating a key whose label changes',
        { web },
        rotate,
        ({ keys }) => keys.replace('web', web, JSON.stringify({ secrets: [older], label: 'New' })),
        { web: { secrets: [secretOf(1), older], label: 'New' } },
        ['key.rotated'],
      ],
      [
        'rotating a key whose older secret is revoked',
        { web: withSecrets(newer) },
        rotate,
        async ({ keys }) => {
          await keys.replace('web', withSecrets(newer), rotated);
          await keys.replace('web', rotated, web);
        },
        { web: { secrets: [secretOf(1), older], label: 'Web' } },
        ['key.rotated'],
      ],
      ['revoking a key that is rotated', { web }, revoke, rotate, {}, ['key.rotated', 'key.revoked']],
    ])('decides again after a concurrent change: %s', async (_, before, act, meanwhile, after, written) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      await act({ ...stores.parts, keys: withConcurrentChange(stores.parts.keys, () => meanwhile(stores.others)) });
      expect(await contentOf(stores.parts.keys)).toEqual(after);
      expect((await stores.written()).map(({ action }) => action)).toEqual(written);
    });

    test.each<[string, before: Content, Act, meanwhile: Act, OperationErrorCode, written: string[]]>([
      ['rotating', { web }, rotate, rotate, 'two_secrets', ['key.rotated']],
      ['rotating a key that is revoked', { web }, rotate, revoke, 'not_found', ['key.revoked']],
      ['revoking', { web }, revoke, revoke, 'not_found', ['key.revoked']],
      [
        'revoking the older secret',
        { web: rotated },
        (parts) => revoke(parts, 'older'),
        (parts) => revoke(parts, 'older'),
        'one_secret',
        ['key.revoked'],
      ],
      [
        'revoking the older secret, which is no longer the same one',
        { web: rotated },
        (parts) => revoke(parts, 'older'),
        async (parts) => {
          await revoke(parts, 'older');
          await rotate(parts);
        },
        'conflict',
        ['key.revoked', 'key.rotated'],
      ],
      ['creating a key', {}, create, create, 'exists', ['key.created']],
    ])('refuses what a concurrent change rules out: %s', async (_, before, act, meanwhile, code, written) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      const parts = { ...stores.parts, keys: withConcurrentChange(stores.parts.keys, () => meanwhile(stores.others)) };
      await expect(act(parts)).rejects.toMatchObject({ code });
      expect((await stores.written()).map(({ action }) => action)).toEqual(written);
    });

    test.each<[string, before: Content, Act, OperationErrorCode]>([
      ['create a key', {}, create, 'exists'],
      ['rotate a key', { web }, rotate, 'two_secrets'],
      ['revoke a key', { web }, revoke, 'not_found'],
      ['revoke the older secret', { web: rotated }, (parts) => revoke(parts, 'older'), 'one_secret'],
    ])('if two operators %s at once, one succeeds and the other is refused', async (_, before, act, code) => {
      await using stores = await open();
      await put(stores.parts.keys, before);
      const results = await Promise.allSettled([act(stores.parts), act(stores.others)]);
      const codes: string[] = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'));
      expect(codes.toSorted()).toEqual(['done', code].toSorted());
      expect(await stores.written()).toHaveLength(1);
    });

    test('throws conflict after three concurrent changes', async () => {
      await using stores = await open();
      await put(stores.parts.keys, { web: 'x' });
      let changes = 0;
      const change = async ({ keys }: OperationParts) =>
        keys.replace('web', (await keys.readAll())?.get('web'), `${(changes += 1)}`);
      const keys = withConcurrentChange(stores.parts.keys, () => change(stores.others), 3);
      await expect(revoke({ ...stores.parts, keys })).rejects.toMatchObject({ code: 'conflict' });
      expect([await contentOf(stores.parts.keys), await stores.written()]).toEqual([{ web: '3' }, []]);
    });

    test('passes on the error of an unreachable store', async () => {
      await using stores = await open();
      const away = new RegistryError('unavailable', 'away');
      const fails = () => Promise.reject(away);
      const keys = { readAll: fails, replace: fails, replaceAll: fails, findLoss: fails };
      for (const act of [create, rotate, revoke]) await expect(act({ ...stores.parts, keys })).rejects.toBe(away);
      expect(await stores.written()).toEqual([]);
    });
  });
}
