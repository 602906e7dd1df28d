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
  readonly setRevocations: (revocations: ReadonlyMap<string, Revocation>) => void;
  /** Ends the relays of all revoked users once. Returns whether this succeeded. */
  readonly endOnce: () => Promise<boolean>;
}

/** The interval between two full rounds, which query every revoked user, ms. */
const fullRoundIntervalMs = 60_000;

/** The interval between two log lines about one user, ms. A user with an old credential may open a new relay every second. */
const userLogIntervalMs = 60_000;

/**
 * Ends the relays of revoked users, including new relays opened with an old credential. While there are users to query, one connection stays open,
 * because coturn logs every connection. A fault is logged once, and the next round reconnects. Node reports do not depend on coturn's CLI.
 */
export function createRelayEnder({ openCli, clock, logger }: RelayEnderParts): RelayEnder {
  let revocations: ReadonlyMap<string, Revocation> = new Map();
  let cli: CoturnCli | undefined;
  let fullRoundAtMs = -Infinity;
  let fault: string | undefined;
  const loggedAtMs = new Map<string, number>();

  async function endFor(user: string, open: CoturnCli): Promise<void> {
    const sessions = await open.sessionsOf(user);
    for (const session of sessions) await open.cancel(session);
    if (sessions.length === 0) return;
    const timeMs = clock.monotonicMs();
    if (timeMs - (loggedAtMs.get(user) ?? -Infinity) < userLogIntervalMs) return;
    loggedAtMs.set(user, timeMs);
    logger.info(
      { event: 'relays.ended', user, relays: sessions.length },
      'ended relays of a revoked user: further relays of this user are not logged for a minute',
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
    setRevocations(current) {
      revocations = current;
      // A full round is needed, because a new entry may hold an old revocation.
      fullRoundAtMs = -Infinity;
      loggedAtMs.clear();
    },
    async endOnce() {
      const timeMs = clock.monotonicMs();
      const isFullRound = timeMs - fullRoundAtMs >= fullRoundIntervalMs;
      const users = usersToEnd(revocations.values(), { nowMs: clock.nowMs(), isFullRound });
      if (users.size === 0) {
        // Between full rounds the connection stays open for the next full round.
        if (isFullRound) close();
        return true;
      }
      try {
        await endFrom(users);
        if (isFullRound) fullRoundAtMs = timeMs;
        if (fault !== undefined) {
          logger.info(
            { event: 'relays.cli_recovered' },
            "coturn's CLI works again: relays of revoked users are ended again",
          );
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

/** The time after a revocation in which an older credential can open relays, ms. It includes an hour of tolerance for wrong clocks. */
const credentialLifetimeMs = (ttlSecondsLimit + 3_600) * 1000;

export type EndingRound = {
  /** Unix time, ms. */
  readonly nowMs: number;
  /** Whether to include users whose credentials have all expired. They may still have a relay that an earlier round did not end. */
  readonly isFullRound: boolean;
};

/** Returns the TURN users whose relays this round ends. */
export function usersToEnd(revocations: Iterable<Revocation>, { nowMs, isFullRound }: EndingRound): Set<string> {
  const users = new Set<string>();
  for (const revocation of revocations) {
    if (!isInForce(revocation, nowMs) || !(isFullRound || nowMs - revocation.at_ms < credentialLifetimeMs)) continue;
    for (const user of revocation.turn_users) users.add(user);
  }
  return users;
}
