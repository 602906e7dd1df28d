import type { RevocationsAnswer, RevocationView } from '@turn-router/contract/admin';
import { isInForce, type Revocation } from '@turn-router/contract/registry';
import {
  liftSubject,
  newRevocation,
  revokeSubject,
  sortedRevocations,
  type AuditTrail,
  type HashStore,
} from '@turn-router/registry';
import { createTurnUsers, type KeyRing } from '@turn-router/turn-credentials';
import { ProblemError } from '../problem-error.ts';
import type { World } from '../world.ts';

export type RevokeWish = {
  readonly subject: string;
  /** Undefined: for good. */
  readonly forSeconds?: number | undefined;
  readonly reason?: string | undefined;
  readonly endsRelays: boolean;
};

/** Where SREs revoke. Every call settles within seconds, or rejects with a RegistryError. */
export interface RevocationDesk {
  /** As stored: with those that are over, and the names of what is none. */
  readonly list: () => Promise<RevocationsAnswer>;
  /**
   * Takes the place of the subject's revocation before. In effect when it settles, where this process answers callers.
   *
   * @param actor for the audit log
   * @throws ProblemError `invalid_request` when no router would read it
   */
  readonly revoke: (wish: RevokeWish, actor: string) => Promise<RevocationView>;
  /** The same way back. @throws ProblemError `not_revoked` */
  readonly lift: (subject: string, actor: string) => Promise<void>;
}

export type RevocationDeskParts = Pick<World, 'nowMs'> & {
  readonly store: HashStore;
  /** Has the change known in this process. */
  readonly refresh: () => Promise<void>;
  readonly keyRing: KeyRing;
  readonly trail: Pick<AuditTrail, 'record'>;
};

/** The last word counts: who is overtaken while writing tries again, this often. */
const attempts = 3;

export function createRevocationDesk({ store, refresh, keyRing, nowMs, trail }: RevocationDeskParts): RevocationDesk {
  const turnUsersOf = createTurnUsers(keyRing);
  return {
    async list() {
      const { revocations, rejected } = sortedRevocations(await store.readAll());
      const views = [...revocations].map(([subject, revocation]) => viewOf(subject, revocation, nowMs()));
      return { revocations: views, rejected };
    },

    async revoke({ subject, forSeconds, reason, endsRelays }, actor) {
      const made = newRevocation({
        subject,
        atMs: nowMs(),
        forMs: forSeconds === undefined ? undefined : forSeconds * 1_000,
        reason,
        turnUsersOf: endsRelays ? turnUsersOf : undefined,
      });
      if (!made.ok) throw ProblemError.fromFaults(made.faults);
      await untilDone(() => revokeSubject(store, subject, made.record));
      const { until_ms: untilMs } = made.record;
      const detail = {
        ...(untilMs === undefined ? {} : { untilMs }),
        ...(reason === undefined ? {} : { reason }),
      };
      trail.record({ actor, action: 'subject.revoked', subject, detail });
      await refresh();
      return viewOf(subject, made.record, nowMs());
    },

    async lift(subject, actor) {
      await untilDone(async () => {
        const outcome = await liftSubject(store, subject);
        if (outcome === 'not_revoked') {
          throw new ProblemError('not_revoked', 'subject: Nobody of that name is revoked: expected one that is listed');
        }
        return outcome === 'lifted';
      });
      trail.record({ actor, action: 'subject.lifted', subject });
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

async function untilDone(change: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) if (await change()) return;
  throw new ProblemError('registry_unavailable', 'Others keep changing the same revocation', { retryAfterSeconds: 1 });
}
