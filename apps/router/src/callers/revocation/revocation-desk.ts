import type { RevocationsAnswer, RevocationView } from '@turn-router/contract/admin';
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

export type RevokeWish = {
  readonly subject: string;
  /** Undefined: for good. */
  readonly forSeconds?: number | undefined;
  readonly reason?: string | undefined;
  readonly endsRelays: boolean;
};

/** `packages/operations` as the admin API answers it. Every call settles within seconds, or rejects with a RegistryError. */
export interface RevocationDesk {
  /** As stored: with those that are over, and the names of what is none. */
  readonly list: () => Promise<RevocationsAnswer>;
  /**
   * Takes the place of the subject's revocation before. In effect when it settles, where this process answers callers.
   *
   * @param actor for the audit log
   * @throws ProblemError `invalid_request` when no router would read it, `registry_unavailable` while others keep changing it
   */
  readonly revoke: (wish: RevokeWish, actor: string) => Promise<RevocationView>;
  /** The same way back. @throws ProblemError `not_revoked`, `registry_unavailable` */
  readonly lift: (subject: string, actor: string) => Promise<void>;
}

export type RevocationDeskParts = Pick<World, 'nowMs'> & {
  readonly store: EntryStore;
  /** Has the change known in this process. */
  readonly refresh: () => Promise<void>;
  readonly keyRing: KeyRing;
  readonly trail: Trail;
};

export function createRevocationDesk({ store, refresh, keyRing, nowMs, trail }: RevocationDeskParts): RevocationDesk {
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
      const { revocation } = await orProblem(revokeSubject(parts, actor, wish));
      await refresh();
      return viewOf(subject, revocation, nowMs());
    },

    async lift(subject, actor) {
      await orProblem(liftSubject(parts, actor, subject));
      await refresh();
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

/** @throws ProblemError for what is refused of a revocation */
async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    if (error.code === 'invalid') throw ProblemError.fromFaults(error.faults);
    if (error.code === 'not_revoked') {
      throw new ProblemError('not_revoked', 'subject: Nobody of that name is revoked: expected one that is listed');
    }
    if (error.code !== 'conflict') throw error;
    throw new ProblemError('registry_unavailable', 'Others keep changing the same revocation', {
      retryAfterSeconds: 1,
    });
  }
}
