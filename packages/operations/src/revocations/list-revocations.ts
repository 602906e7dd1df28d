import { parseRevocation, type Revocation } from '@turn-router/contract/registry';
import { listEntries, type ListedEntries } from '../entries.ts';
import type { OperationParts } from '../operation-parts.ts';

/** Returns all stored revocations by subject, including expired revocations. */
export function listRevocations({
  revocations,
}: Pick<OperationParts, 'revocations'>): Promise<ListedEntries<Revocation>> {
  return listEntries(revocations, parseRevocation);
}
