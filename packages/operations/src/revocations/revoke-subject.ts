import { isInForce, parseRevocation, wholeKeyOf, type Revocation } from '@turn-router/contract/registry';
import type { StoredHash } from '@turn-router/registry';
import { assertNotLost, changeEntry, type EntryStore } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import { newRevocation, type RevocationRequest } from './new-revocation.ts';

export type RevokeSubjectRequest = Omit<RevocationRequest, 'atMs'> & {
  /** If a whole key is revoked without an end time, the key is deleted from this store. Undefined: the key is not deleted. */
  readonly takeKeyFrom?: EntryStore | undefined;
  /** Also revokes if Redis has lost all revocations. Routers then give up all revocations that they still hold. */
  readonly startsAnew?: boolean | undefined;
};

export type RevokedSubject = {
  readonly revocation: Revocation;
  /** Whether the API key was deleted from `takeKeyFrom`. False if the store had no such key. A key in a file is never deleted. */
  readonly isKeyTakenAway: boolean;
};

/**
 * Revokes a subject. Replaces its earlier revocation, and deletes expired revocations. If the key cannot be deleted, throws the error. The
 * revocation then stays in effect, and is in the audit log.
 *
 * @throws OperationError `invalid` if routers would ignore the record, `revocations_lost`, `conflict`; any error of `turnUsersOf`
 */
export async function revokeSubject(
  { revocations, trail, nowMs }: Pick<OperationParts, 'revocations' | 'trail' | 'nowMs'>,
  actor: string,
  { takeKeyFrom, startsAnew = false, ...request }: RevokeSubjectRequest,
): Promise<RevokedSubject> {
  const made = newRevocation({ ...request, atMs: nowMs() });
  if (!made.ok) throw new OperationError('invalid', made.faults);
  if (!startsAnew) await assertNotLost(revocations, 'revocations_lost');
  const { subject } = request;
  const revocation = made.record;
  await changeEntry(revocations, subject, async (_text, stored) => {
    await deleteExpired(revocations, stored, subject, revocation.at_ms);
    return { next: JSON.stringify(revocation) };
  });
  const { until_ms: untilMs, reason } = revocation;
  let isKeyTakenAway = false;
  try {
    if (untilMs === undefined) isKeyTakenAway = await deleteKey(takeKeyFrom, wholeKeyOf(subject));
  } finally {
    const detail = {
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(reason === undefined ? {} : { reason }),
      ...(isKeyTakenAway ? { isKeyTakenAway } : {}),
    };
    trail.record(printableEvent({ actor, action: 'subject.revoked', subject, detail }));
  }
  return { revocation, isKeyTakenAway };
}

async function deleteExpired(
  revocations: EntryStore,
  stored: StoredHash,
  subject: string,
  nowMs: number,
): Promise<void> {
  for (const [name, text] of stored) {
    const parsed = parseRevocation(name, text);
    // If somebody changes an expired revocation at the same time, this call fails and the changed revocation stays.
    if (name !== subject && parsed.ok && !isInForce(parsed.record, nowMs)) {
      await revocations.replace(name, text, undefined);
    }
  }
}

/** @returns whether the store had the key */
async function deleteKey(keys: EntryStore | undefined, id: string | undefined): Promise<boolean> {
  if (keys === undefined || id === undefined) return false;
  const change = await changeEntry(keys, id, (text) => (text === undefined ? undefined : { next: undefined }));
  return change !== undefined;
}
