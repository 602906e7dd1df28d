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
  ['has proven all of them', '2026-11', ['2025-11', '2026-05', '2026-11']],
  ['has not got the newest yet', '2026-05', ['2025-11', '2026-05']],
  ['has lost the older ones', '2026-11', ['2026-11']],
  ['has proven one of another ring, too', '2025-11', ['2027-05', '2025-11']],
  ['says nothing of keys', '2026-11', undefined],
  ['has proven none', '2026-11', []],
  ['calls its keys otherwise', '2026-11', ['default']],
])('a node that %s: signed with %s', (_, id, provenIds) => {
  expect(signingKeyFor(ring, provenIds).id).toBe(id);
});
