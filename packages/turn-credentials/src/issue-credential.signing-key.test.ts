import { expect, test } from '@jest/globals';
import { signingKeyFor } from './issue-credential.ts';
import type { KeyRing } from './key-ring.ts';

const ring: KeyRing = {
  keys: [
    { id: '2026-11', secret: 'north-secret-of-2026' },
    { id: '2026-05', secret: 'south-secret-of-2026' },
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
])('signs for a node that %s with the key %s', (_, id, provenIds) => {
  expect(signingKeyFor(ring, provenIds).id).toBe(id);
});
