import type { RevocationsAnswer, RevocationView, RevokeAnswer } from '@turn-router/contract/admin';
import { isInForce, type Revocation } from '@turn-router/contract/registry';
import {
  liftSubject,
  listRevocations,
  OperationError,
  revokeSubject,
  type EntryStore,
  type Trail,
} from '@turn-router/operations';
import { createTurnUsers, type KeyRing } from '@turn-router/turn-credentials';
import { ProblemError } from '../../problem-error.ts';
import type { World } from '../../world.ts';
import type { Durability } from './follow-revocations.ts';

export type RevokeWish = {
  readonly subject: string;
  /** Undefined: the revocation holds until it is lifted. */
  readonly forSeconds?: number | undefined;
  readonly reason?: string | undefined;
  readonly endsRelays: boolean;
};

/**
 * The operations on revocations for the admin API. The package `operations` implements them. Every call settles within seconds, or rejects with a
 * RegistryError.
 */
export interface RevocationDesk {
  /** Lists the stored revocations, including expired ones, and the names of invalid entries. */
  readonly list: () => Promise<RevocationsAnswer>;
  /**
   * Revokes a subject. An earlier revocation of the subject is replaced. If this process answers callers, the revocation takes effect before this
   * call settles.
   *
   * @param actor for the audit log
   * @throws ProblemError `invalid_request` if routers would ignore the entry, `registry_unavailable` if other clients keep changing the same
   *   revocation, or if Redis has lost all revocations
   */
  readonly revoke: (wish: RevokeWish, actor: string) => Promise<RevokeAnswer>;
  /**
   * Lifts a revocation.
   *
   * @returns false if the lift is in force, but not in STATE_DIR yet
   * @throws ProblemError `not_revoked`, `registry_unavailable`
   */
  readonly lift: (subject: string, actor: string) => Promise<boolean>;
}

export type RevocationDeskParts = Pick<World, 'nowMs'> & {
  readonly store: EntryStore;
  /** Makes the change take effect in this process. */
  readonly refresh: () => Promise<void>;
  /** Whether the last change and its audit entry are on disk. Undefined: the revocations are in Redis. */
  readonly settleDurability: () => Promise<Durability | undefined>;
  readonly keyRing: KeyRing;
  readonly trail: Trail;
};

export function createRevocationDesk({
  store,
  refresh,
  settleDurability,
  keyRing,
  nowMs,
  trail,
}: RevocationDeskParts): RevocationDesk {
  const parts = { revocations: store, trail, nowMs };
  const turnUsersOf = createTurnUsers(keyRing);
  return {
    async list() {
      const { entries, rejected } = await listRevocations(parts);
      const revocations = [...entries].map(([subject, revocation]) => viewOf(subject, revocation, nowMs()));
      return { revocations, rejected: [...rejected] };
    },

    async revoke({ subject, forSeconds, reason, endsRelays }, actor) {
      const wish = {
        subject,
        forMs: forSeconds === undefined ? undefined : forSeconds * 1_000,
        reason,
        turnUsersOf: endsRelays ? turnUsersOf : undefined,
      };
      const { revocation } = await withProblemErrors(revokeSubject(parts, actor, wish));
      await refresh();
      const durability = await settleDurability();
      const view = viewOf(subject, revocation, nowMs());
      return durability === undefined ? view : { ...view, durable: durability === 'durable' };
    },

    async lift(subject, actor) {
      await withProblemErrors(liftSubject(parts, actor, subject));
      await refresh();
      return (await settleDurability()) !== 'pending';
    },
  };
}

function viewOf(subject: string, revocation: Revocation, nowMs: number): RevocationView {
  const { at_ms: atMs, until_ms: untilMs, reason, turn_users: turnUsers } = revocation;
  return {
    subject,
    atMs,
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(reason === undefined ? {} : { reason }),
    turnUsers,
    isInForce: isInForce(revocation, nowMs),
  };
}

/** A new revocation would replace all lost ones, also those that routers still enforce. */
function revocationsLost(cause: OperationError): ProblemError {
  const detail =
    'Redis has lost all revocations. Routers enforce the last known ones. Restore them with "turnctl revoke import", then retry';
  return new ProblemError('registry_unavailable', detail, { retryAfterSeconds: 1, cause });
}

/** @throws ProblemError for a refused operation */
async function withProblemErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    if (error.code === 'invalid') throw ProblemError.fromFaults(error.faults);
    if (error.code === 'not_revoked') {
      throw new ProblemError('not_revoked', 'subject: No revocation exists for this subject');
    }
    if (error.code === 'revocations_lost') throw revocationsLost(error);
    if (error.code !== 'conflict') throw error;
    throw new ProblemError('registry_unavailable', 'Other clients keep changing this revocation: retry', {
      retryAfterSeconds: 1,
    });
  }
}
