import { parseRevocation, type Revocation } from '@turn-router/contract/registry';
import { listEntries, type ListedEntries } from '../entries.ts';
import type { OperationParts } from '../operation-parts.ts';

/** All revocations by subject, as stored: those that are over included. */
export function listRevocations({
  revocations,
}: Pick<OperationParts, 'revocations'>): Promise<ListedEntries<Revocation>> {
  return listEntries(revocations, parseRevocation);
}
