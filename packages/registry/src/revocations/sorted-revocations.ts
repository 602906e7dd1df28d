import { parseRevocation, type Revocation } from '@turn-router/contract/registry';
import type { StoredHash } from '../hash/hash-store.ts';

/** By subject, and the names of what is no revocation. */
export function sortedRevocations(stored: StoredHash = new Map()): {
  revocations: Map<string, Revocation>;
  rejected: string[];
} {
  const revocations = new Map<string, Revocation>();
  const rejected: string[] = [];
  for (const [subject, text] of [...stored].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const parsed = parseRevocation(subject, text);
    if (parsed.ok) revocations.set(subject, parsed.record);
    else rejected.push(subject);
  }
  return { revocations, rejected };
}
