import type { Revocation } from '@turn-router/contract/registry';
import {
  createRedisRevocations,
  liftSubject,
  newRevocation,
  revokeSubject,
  type HashStore,
  type RevocationWish,
} from '@turn-router/registry';
import { CommandFault } from '../command-fault.ts';
import type { StoreKind } from '../redis-store.ts';

export const revocationStore: StoreKind = {
  open: createRedisRevocations,
  expected: 'the Redis of the routers, which holds the revocations',
};

/** @throws CommandFault when routers would not read it */
export function makeRevocation(wish: RevocationWish): Revocation {
  const made = newRevocation(wish);
  if (made.ok) return made.record;
  throw new CommandFault(made.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
}

/** @throws CommandFault when somebody else was faster */
export async function revoke(store: HashStore, subject: string, revocation: Revocation): Promise<void> {
  if (!(await revokeSubject(store, subject, revocation))) throw changedMeanwhile(subject);
}

/** @throws CommandFault when there is none, or somebody else was faster */
export async function lift(store: HashStore, subject: string): Promise<void> {
  const outcome = await liftSubject(store, subject);
  if (outcome === 'not_revoked') {
    throw new CommandFault(`${JSON.stringify(subject)}: is not revoked (turnctl revoke list)`);
  }
  if (outcome === 'changed') throw changedMeanwhile(subject);
}

function changedMeanwhile(subject: string): CommandFault {
  return new CommandFault(`${JSON.stringify(subject)}: somebody has just changed it: look at it again`);
}
