import { ttlSecondsLimit } from '@turn-router/contract/http';
import { isInForce, type Revocation } from '@turn-router/contract/registry';

/** How long after a revocation credentials of before it can open relays, with an hour for clocks that are off, ms. */
const freshMs = (ttlSecondsLimit + 3_600) * 1000;

export type EndingRound = {
  /** Unix time, ms. */
  readonly nowMs: number;
  /** Whether those are asked for, too, who can hold no credential any more: only a relay that was not ended when it could be is left of them. */
  readonly isThorough: boolean;
};

/** The TURN users whose relays are to be ended in this round. */
export function usersToEnd(revocations: Iterable<Revocation>, { nowMs, isThorough }: EndingRound): Set<string> {
  const users = new Set<string>();
  for (const revocation of revocations) {
    if (!isInForce(revocation, nowMs) || !(isThorough || nowMs - revocation.at_ms < freshMs)) continue;
    for (const user of revocation.turn_users) users.add(user);
  }
  return users;
}
