import { changeEntry } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';

/**
 * Lets somebody in again, or takes away what is stored under that name and is no revocation. A key that was taken away stays away.
 *
 * @throws OperationError `not_revoked`, `conflict`
 */
export async function liftSubject(
  { revocations, trail }: Pick<OperationParts, 'revocations' | 'trail'>,
  actor: string,
  subject: string,
): Promise<void> {
  await changeEntry(revocations, subject, (text) => {
    if (text === undefined) throw new OperationError('not_revoked');
    return { next: undefined };
  });
  trail.record(printableEvent({ actor, action: 'subject.lifted', subject }));
}
