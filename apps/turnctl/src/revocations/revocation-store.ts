import { isInForce, parseRevocation, type Revocation } from '@turn-router/contract';
import { createRedisRevocations, type HashStore, type StoredHash } from '@turn-router/registry';
import { CommandFault } from '../command-fault.ts';
import type { StoreKind } from '../redis-store.ts';

export const revocationStore: StoreKind = {
  open: createRedisRevocations,
  expected: 'the Redis of the routers, which holds the revocations',
};

/**
 * Takes away those that are over, and writes a revocation in the place of the one before, if there is one.
 *
 * @throws CommandFault when routers would not read it, or somebody else was faster
 */
export async function revoke(store: HashStore, subject: string, revocation: Revocation): Promise<void> {
  const next = JSON.stringify(revocation);
  const checked = parseRevocation(subject, next);
  if (!checked.ok) throw new CommandFault(checked.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  const stored = (await store.readAll()) ?? new Map<string, string>();
  for (const [name, text] of stored) {
    const parsed = parseRevocation(name, text);
    // Whoever changes one of them in this moment wants it to stay.
    if (name !== subject && parsed.ok && !isInForce(parsed.record, revocation.at_ms)) {
      await store.replace(name, text, undefined);
    }
  }
  await replace(store, subject, stored.get(subject), next);
}

/** @throws CommandFault when there is none, or somebody else was faster */
export async function lift(store: HashStore, subject: string): Promise<void> {
  const text = (await store.readAll())?.get(subject);
  if (text === undefined) throw new CommandFault(`${JSON.stringify(subject)}: is not revoked (turnctl revoke list)`);
  await replace(store, subject, text, undefined);
}

async function replace(store: HashStore, subject: string, expected: string | undefined, next: string | undefined) {
  if (await store.replace(subject, expected, next)) return;
  throw new CommandFault(`${JSON.stringify(subject)}: somebody has just changed it: look at it again`);
}

/** By subject, and the names of what is no revocation. */
export function sortedRevocations(stored: StoredHash = new Map()) {
  const revocations = new Map<string, Revocation>();
  const rejected: string[] = [];
  for (const [subject, text] of [...stored].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const parsed = parseRevocation(subject, text);
    if (parsed.ok) revocations.set(subject, parsed.record);
    else rejected.push(subject);
  }
  return { revocations, rejected };
}
