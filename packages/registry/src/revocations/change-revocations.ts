import { isInForce, parseRevocation, type Revocation } from '@turn-router/contract/registry';
import type { HashStore } from '../hash/hash-store.ts';

/**
 * Takes away those that are over, and writes a revocation in the place of the one before, if there is one.
 *
 * @returns false, with this one not written, when somebody else was faster
 */
export async function revokeSubject(store: HashStore, subject: string, revocation: Revocation): Promise<boolean> {
  const stored = (await store.readAll()) ?? new Map<string, string>();
  for (const [name, text] of stored) {
    const parsed = parseRevocation(name, text);
    // Whoever changes one of them in this moment wants it to stay.
    if (name !== subject && parsed.ok && !isInForce(parsed.record, revocation.at_ms)) {
      await store.replace(name, text, undefined);
    }
  }
  return store.replace(subject, stored.get(subject), JSON.stringify(revocation));
}

/** Takes a revocation back, or what stands under that name and is none. `changed`: somebody else was faster, and it stands. */
export async function liftSubject(store: HashStore, subject: string): Promise<'lifted' | 'not_revoked' | 'changed'> {
  const text = (await store.readAll())?.get(subject);
  if (text === undefined) return 'not_revoked';
  return (await store.replace(subject, text, undefined)) ? 'lifted' : 'changed';
}
