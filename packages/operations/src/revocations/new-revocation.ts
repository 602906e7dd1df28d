import { parseRevocation, wholeKeyOf, type ParsedEntry, type Revocation } from '@turn-router/contract/registry';

export type RevocationWish = {
  readonly subject: string;
  /** Since when, Unix time, ms. */
  readonly atMs: number;
  /** For how long, ms; undefined: for good. */
  readonly forMs?: number | undefined;
  /** For people. */
  readonly reason?: string | undefined;
  /** Under which names TURN servers may know a subject; undefined: its relays are left as they are. */
  readonly turnUsersOf?: ((subject: string) => readonly string[]) | undefined;
};

/**
 * What is to be stored, or why no router would read it. A key with everybody under it has no TURN users, since nobody keeps a list of its
 * users: then `turnUsersOf` is not asked.
 */
export function newRevocation({ subject, atMs, forMs, reason, turnUsersOf }: RevocationWish): ParsedEntry<Revocation> {
  const revocation: Revocation = {
    at_ms: atMs,
    ...(forMs === undefined ? {} : { until_ms: atMs + forMs }),
    ...(reason === undefined ? {} : { reason }),
    turn_users: wholeKeyOf(subject) === undefined ? [...(turnUsersOf?.(subject) ?? [])] : [],
  };
  return parseRevocation(subject, JSON.stringify(revocation));
}
