import { parseRevocation, wholeKeyOf, type ParsedEntry, type Revocation } from '@turn-router/contract/registry';

export type RevocationRequest = {
  readonly subject: string;
  /** Start, Unix time, ms. */
  readonly atMs: number;
  /** Duration, ms. Undefined: without an end. */
  readonly forMs?: number | undefined;
  /** A note for operators. */
  readonly reason?: string | undefined;
  /** Returns the opaque user ids under which TURN servers may know a subject. Undefined: running relays are not ended. */
  readonly turnUsersOf?: ((subject: string) => readonly string[]) | undefined;
};

/**
 * Builds the record to store, or returns the faults for which routers would ignore it. For a whole key it does not call `turnUsersOf`,
 * because no list of the key's users exists.
 */
export function newRevocation({
  subject,
  atMs,
  forMs,
  reason,
  turnUsersOf,
}: RevocationRequest): ParsedEntry<Revocation> {
  const revocation: Revocation = {
    at_ms: atMs,
    ...(forMs === undefined ? {} : { until_ms: atMs + forMs }),
    ...(reason === undefined ? {} : { reason }),
    turn_users: wholeKeyOf(subject) === undefined ? [...(turnUsersOf?.(subject) ?? [])] : [],
  };
  return parseRevocation(subject, JSON.stringify(revocation));
}
