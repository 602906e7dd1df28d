import { parseRevocation, wholeKeyOf, type ParsedEntry, type Revocation } from '@turn-router/contract/registry';

export type RevocationRequest = {
  readonly subject: string;
  /** Start, Unix time, ms. */
  readonly atMs: number;
  /** Duration, ms. Undefined: the revocation has no end time. */
  readonly forMs?: number | undefined;
  /** A note for operators. */
  readonly reason?: string | undefined;
  /** Returns the opaque user ids that a subject may have on TURN servers. Undefined: running relays continue. */
  readonly turnUsersOf?: ((subject: string) => readonly string[]) | undefined;
};

/**
 * Builds the record to store. If routers would ignore the record, returns its faults instead. For a whole key, does not call `turnUsersOf`,
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
