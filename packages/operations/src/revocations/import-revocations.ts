import { parseRevocation } from '@turn-router/contract/registry';
import { importEntries, type ImportRequest, type ImportResult } from '../import-entries.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';

/** Stores revocations from a copy or a backup. @throws OperationError `invalid`, `conflict` */
export async function importRevocations(
  { revocations, trail }: Pick<OperationParts, 'revocations' | 'trail'>,
  actor: string,
  request: ImportRequest,
): Promise<ImportResult> {
  const result = await importEntries(revocations, parseRevocation, request);
  for (const subject of result.added) trail.record(printableEvent({ actor, action: 'subject.imported', subject }));
  for (const subject of result.replaced) {
    trail.record(printableEvent({ actor, action: 'subject.imported', subject, detail: { isReplaced: true } }));
  }
  return result;
}
