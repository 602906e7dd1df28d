import { describe, expect, test } from '@jest/globals';
import type { ImportRequest } from './import-entries.ts';
import { importKeys } from './keys/import-keys.ts';
import type { OperationParts } from './operation-parts.ts';
import { importRevocations } from './revocations/import-revocations.ts';
import { contentOf, put, withConcurrentChange, type OpenStores } from './stores.fixture.ts';

const actor = 'turnctl:kim@ops-1';
const keyRecord = (letter: string) => ({ secrets: [{ sha256: letter.repeat(64) }], of_a_newer_release: 1 });
const revocation = (atMs: number) => ({ at_ms: atMs, turn_users: [], of_a_newer_release: 1 });

const hashes = [
  {
    what: 'keys',
    names: ['app', 'tv', 'web'] as const,
    records: [keyRecord('a'), keyRecord('b')] as const,
    action: 'key.imported',
    act: (parts: OperationParts, request: ImportRequest) => importKeys(parts, actor, request),
    invalid: { Web: keyRecord('a'), app: { secrets: [] }, tv: 7 },
    fields: ['"Web"', '"app".secrets', '"tv"'],
  },
  {
    what: 'revocations',
    names: ['key:web', 'user:alice', 'user:bob'] as const,
    records: [revocation(1), revocation(2)] as const,
    action: 'subject.imported',
    act: (parts: OperationParts, request: ImportRequest) => importRevocations(parts, actor, request),
    invalid: { nobody: revocation(1), 'user:a': { at_ms: -1 }, 'user:b': 'x' },
    fields: ['"nobody"', '"user:a".at_ms', '"user:b"'],
  },
] as const;

const request = (entries: Readonly<Record<string, unknown>>, overwrites = false): ImportRequest => ({
  entries: new Map(Object.entries(entries)),
  overwrites,
});

/** The test suite of imports, for any stores. */
export function describeImports(name: string, open: OpenStores): void {
  describe.each(hashes)(`${name}: an import of $what`, ({ what, names, records, action, act, invalid, fields }) => {
    const [first, second, third] = names;
    const [older, newer] = records;
    const imported = (subject: string, isReplaced = false) => ({
      actor,
      action,
      subject,
      ...(isReplaced ? { detail: { isReplaced } } : {}),
    });

    test('adds all entries, as objects or as JSON, with one audit entry each', async () => {
      await using stores = await open();
      const result = await act(stores.parts, request({ [first]: older, [second]: JSON.stringify(newer) }));
      expect(result).toEqual({ added: [first, second], replaced: [], unchanged: [], kept: [] });
      expect(await contentOf(stores.parts[what])).toEqual({ [first]: older, [second]: newer });
      expect(await stores.written()).toEqual([imported(first), imported(second)]);
    });

    test('changes nothing when it is repeated', async () => {
      await using stores = await open();
      const entries = request({ [first]: older, [second]: newer });
      await act(stores.parts, entries);
      const again = await act(stores.parts, entries);
      expect(again).toEqual({ added: [], replaced: [], unchanged: [first, second], kept: [] });
      expect(await stores.written()).toHaveLength(2);
    });

    test.each([
      [false, { added: [third], replaced: [], unchanged: [second], kept: [first] }, newer],
      [true, { added: [third], replaced: [first], unchanged: [second], kept: [] }, older],
    ])('with overwrites: %j', async (overwrites, expected, stored) => {
      await using stores = await open();
      await put(stores.parts[what], { [first]: JSON.stringify(newer), [second]: JSON.stringify(newer), other: 'x' });
      const entries = { [first]: older, [second]: newer, [third]: older };
      expect(await act(stores.parts, request(entries, overwrites))).toEqual(expected);
      expect(await contentOf(stores.parts[what])).toEqual({
        [first]: stored,
        [second]: newer,
        [third]: older,
        other: 'x',
      });
      expect(await stores.written()).toEqual([imported(third), ...(overwrites ? [imported(first, true)] : [])]);
    });

    test('names every fault, and stores nothing', async () => {
      await using stores = await open();
      const error: unknown = await act(stores.parts, request({ [first]: older, ...invalid })).catch((e: unknown) => e);
      const faults = fields.map((field) => expect.objectContaining({ field }));
      expect(error).toMatchObject({ code: 'invalid', faults: expect.arrayContaining(faults) });
      expect(await contentOf(stores.parts[what])).toEqual({});
      expect(await stores.written()).toEqual([]);
    });

    test('decides again after a concurrent change', async () => {
      await using stores = await open();
      const change = () => stores.others[what].replace(first, undefined, JSON.stringify(newer));
      const parts = { ...stores.parts, [what]: withConcurrentChange(stores.parts[what], change) };
      const result = await act(parts, request({ [first]: older, [second]: older }));
      expect(result).toMatchObject({ added: [second], kept: [first] });
      expect(await contentOf(stores.parts[what])).toEqual({ [first]: newer, [second]: older });
    });
  });

  test(`${name}: an import refuses a key where its hash belongs, and does not show it`, async () => {
    await using stores = await open();
    const key = `tr_web_${'A'.repeat(43)}`;
    const error: unknown = await importKeys(
      stores.parts,
      actor,
      request({ web: { secrets: [{ sha256: 'a'.repeat(64) }], label: key } }),
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid', faults: [{ field: '"web"' }] });
    expect(JSON.stringify(error)).not.toContain('AAAA');
  });
}
