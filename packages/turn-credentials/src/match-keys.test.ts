import { expect, test } from '@jest/globals';
import type { KeyRing } from './key-ring.ts';
import { matchKeys } from './match-keys.ts';
import { secretFingerprint } from './secret-fingerprint.ts';

const north = 'north-secret-of-2026';
const south = 'south-secret-of-2026';
const ring: KeyRing = {
  keys: [
    { id: '2026-11', secret: north },
    { id: '2026-05', secret: south },
    { id: '2025-11', secret: 'eastern-secret-of-2025' },
  ],
};

test.each<[string, string, readonly string[] | undefined]>([
  ['has proven all keys', '2026-11', ['2025-11', '2026-05', '2026-11']],
  ['lacks the newest key', '2026-05', ['2025-11', '2026-05']],
  ['lacks the older keys', '2026-11', ['2026-11']],
  ['has also proven a key of another ring', '2025-11', ['2027-05', '2025-11']],
  ['reports no keys', '2026-11', undefined],
  ['has proven no key', '2026-11', []],
  ['uses other ids', '2026-11', ['default']],
])('signs for a node that %s with the key %s', (_, id, ids) => {
  expect(matchKeys(ring, { ids, fingerprints: undefined })).toMatchObject({ key: { id }, mismatchedIds: [] });
});

const fingerprintsOf = (secrets: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(secrets).map(([id, secret]) => [id, secretFingerprint(secret)]));

test.each<[string, string | undefined, string[], Record<string, string>]>([
  ['has the same secrets', '2026-11', [], { '2026-11': north, '2026-05': south }],
  ['has another newest secret and a common older one', '2026-05', ['2026-11'], { '2026-11': 'x', '2026-05': south }],
  ['has another secret under the only common id', undefined, ['2026-11'], { '2026-11': `"${north}"` }],
  [
    'has other secrets under two ids',
    undefined,
    ['2026-11', '2026-05'],
    { '2026-05': north.trim() + 'x', '2026-11': 'y' },
  ],
  ['has a common secret under another id', '2026-05', [], { default: south }],
  ['has exchanged the secrets of two ids', '2026-11', ['2026-11', '2026-05'], { '2026-11': south, '2026-05': north }],
  ['has only keys of another ring', '2026-11', [], { default: 'z' }],
  ['has ids with a special meaning in JavaScript', '2026-11', [], { constructor: 'z', toString: 'z' }],
  ['reports no fingerprint', '2026-11', [], {}],
])('for a node that %s, signs with %s, and finds mismatches in %j', (_, id, mismatchedIds, secrets) => {
  const found = matchKeys(ring, { ids: Object.keys(secrets), fingerprints: fingerprintsOf(secrets) });
  expect([found.key?.id, found.mismatchedIds]).toEqual([id, mismatchedIds]);
});

test('a fingerprint counts without the list of ids', () => {
  const found = matchKeys(ring, { ids: undefined, fingerprints: fingerprintsOf({ '2026-11': 'x' }) });
  expect(found).toEqual({ key: undefined, mismatchedIds: ['2026-11'] });
});
