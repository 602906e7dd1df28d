import { ttlSecondsLimit } from '@turn-router/contract/http';
import { isInForce, type Revocation } from '@turn-router/contract/registry';
import type { Logger } from '../logger.ts';
import type { Clock } from '../system/clock.ts';
import { CoturnCliError } from './coturn-cli/coturn-cli-error.ts';
import type { CoturnCli } from './coturn-cli/open-coturn-cli.ts';

export type RelayEnderParts = {
  /** Rejects with a CoturnCliError. */
  readonly openCli: () => Promise<CoturnCli>;
  readonly clock: Clock;
  readonly logger: Logger;
};

export interface RelayEnder extends Disposable {
  readonly use: (revocations: ReadonlyMap<string, Revocation>) => void;
  /** Ends the relays of everybody who is revoked, once; whether that could be done. */
  readonly endOnce: () => Promise<boolean>;
}

/** Between two rounds in which everybody is asked for, ms. */
const thoroughEveryMs = 60_000;

/** Between two lines about one user, ms: whoever keeps a credential may come again each second. */
const newsMs = 60_000;

/**
 * Ends relays of revoked users, and those that they open with credentials which they have kept. One connection serves as long as there is
 * somebody to ask for, as coturn logs each. What fails is said once, and the next round begins anew: reporting has nothing to do with it.
 */
export function createRelayEnder({ openCli, clock, logger }: RelayEnderParts): RelayEnder {
  let revocations: ReadonlyMap<string, Revocation> = new Map();
  let cli: CoturnCli | undefined;
  let thoroughAtMs = -Infinity;
  let fault: string | undefined;
  const told = new Map<string, number>();

  async function endFor(user: string, open: CoturnCli): Promise<void> {
    const sessions = await open.sessionsOf(user);
    for (const session of sessions) await open.cancel(session);
    if (sessions.length === 0) return;
    const timeMs = clock.monotonicMs();
    if (timeMs - (told.get(user) ?? -Infinity) < newsMs) return;
    told.set(user, timeMs);
    logger.info(
      { event: 'relays.ended', user, relays: sessions.length },
      'ended relays of a revoked user: further ones are not logged for a minute',
    );
  }

  function close(): void {
    cli?.[Symbol.dispose]();
    cli = undefined;
  }

  async function endFrom(users: ReadonlySet<string>): Promise<void> {
    cli ??= await openCli();
    for (const user of users) await endFor(user, cli);
  }

  return {
    use(current) {
      revocations = current;
      // Whoever is new may be revoked since long.
      thoroughAtMs = -Infinity;
      told.clear();
    },
    async endOnce() {
      const timeMs = clock.monotonicMs();
      const isThorough = timeMs - thoroughAtMs >= thoroughEveryMs;
      const users = usersToEnd(revocations.values(), { nowMs: clock.nowMs(), isThorough });
      if (users.size === 0) {
        // Those of a thorough round come back in a minute.
        if (isThorough) close();
        return true;
      }
      try {
        await endFrom(users);
        if (isThorough) thoroughAtMs = timeMs;
        if (fault !== undefined) {
          logger.info({ event: 'relays.cli_recovered' }, "coturn's CLI works again: relays of revoked users are ended");
        }
        fault = undefined;
        return true;
      } catch (error) {
        if (!(error instanceof CoturnCliError)) throw error;
        close();
        if (error.fault !== fault) {
          fault = error.fault;
          logCliFault(logger, error);
        }
        return false;
      }
    },
    [Symbol.dispose]: close,
  };
}

function logCliFault(logger: Logger, { fault, message: reason }: CoturnCliError): void {
  if (fault === 'password_refused') {
    logger.warn(
      { event: 'relays.cli_password_refused', fault, reason },
      "coturn's CLI refuses TURN_CLI_PASSWORD: relays of revoked users keep running",
    );
  } else {
    logger.warn(
      { event: 'relays.cli_unreachable', fault, reason },
      "coturn's CLI is unreachable: relays of revoked users keep running",
    );
  }
}

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
