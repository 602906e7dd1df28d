import { isInForce, parseRevocation, wholeKeyOf, type Revocation } from '@turn-router/contract/registry';
import type { StoredHash } from '@turn-router/registry';
import { changeEntry, type EntryStore } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import { newRevocation, type RevocationWish } from './new-revocation.ts';

export type RevokeSubjectWish = Omit<RevocationWish, 'atMs'> & {
  /** Where a whole key that is revoked for good is taken away as well; undefined: it stays stored. */
  readonly takeKeyFrom?: EntryStore | undefined;
};

export type RevokedSubject = {
  readonly revocation: Revocation;
  /** False as well where there was no such key: one in a file goes on standing there. */
  readonly isKeyTakenAway: boolean;
};

/**
 * Throws somebody out. Takes the place of the subject's revocation before, and takes those away that are over. When a key cannot be taken
 * away, the revocation of it stands all the same and is written down.
 *
 * @throws OperationError `invalid` when no router would read it, `conflict`; what `turnUsersOf` throws
 */
export async function revokeSubject(
  { revocations, trail, nowMs }: Pick<OperationParts, 'revocations' | 'trail' | 'nowMs'>,
  actor: string,
  { takeKeyFrom, ...wish }: RevokeSubjectWish,
): Promise<RevokedSubject> {
  const made = newRevocation({ ...wish, atMs: nowMs() });
  if (!made.ok) throw new OperationError('invalid', made.faults);
  const { subject } = wish;
  const revocation = made.record;
  await changeEntry(revocations, subject, async (_text, stored) => {
    await takeAwayWhatIsOver(revocations, stored, subject, revocation.at_ms);
    return { next: JSON.stringify(revocation) };
  });
  const { until_ms: untilMs, reason } = revocation;
  let isKeyTakenAway = false;
  try {
    if (untilMs === undefined) isKeyTakenAway = await takeKeyAway(takeKeyFrom, wholeKeyOf(subject));
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

async function takeAwayWhatIsOver(
  revocations: EntryStore,
  stored: StoredHash,
  subject: string,
  nowMs: number,
): Promise<void> {
  for (const [name, text] of stored) {
    const parsed = parseRevocation(name, text);
    // Whoever changes one of them in this moment wants it to stay.
    if (name !== subject && parsed.ok && !isInForce(parsed.record, nowMs)) {
      await revocations.replace(name, text, undefined);
    }
  }
}

/** @returns whether there was such a key */
async function takeKeyAway(keys: EntryStore | undefined, id: string | undefined): Promise<boolean> {
  if (keys === undefined || id === undefined) return false;
  const change = await changeEntry(keys, id, (text) => (text === undefined ? undefined : { next: undefined }));
  return change !== undefined;
}
