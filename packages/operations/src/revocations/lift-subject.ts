import { assertNotLost, changeEntry } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';

/**
 * Deletes the revocation of a subject, or an invalid entry for this subject. If `revokeSubject` deleted an API key, the key is not restored.
 *
 * @throws OperationError `not_revoked`, `revocations_lost`, `conflict`
 */
export async function liftSubject(
  { revocations, trail }: Pick<OperationParts, 'revocations' | 'trail'>,
  actor: string,
  subject: string,
): Promise<void> {
  await assertNotLost(revocations, 'revocations_lost');
  await changeEntry(revocations, subject, (text) => {
    if (text === undefined) throw new OperationError('not_revoked');
    return { next: undefined };
  });
  trail.record(printableEvent({ actor, action: 'subject.lifted', subject }));
}
