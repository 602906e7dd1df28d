import { createRedisRevocations, startLoop, startRevocationFeed } from '@turn-router/registry';
import type { Logger } from '../logger.ts';
import type { Clock } from '../system/clock.ts';
import { openCoturnCli } from './coturn-cli/open-coturn-cli.ts';
import { createRelayEnder } from './relay-ender.ts';

export type RelayEnding = {
  readonly redisUrl: string;
  readonly cliPort: number;
  readonly cliPassword: string;
};

export type RelayEndingParts = {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
};

/** The CLI receives the password in clear text. So the reporter connects to it only on this host. */
const cliHost = '127.0.0.1';

/** The timeout for connecting to coturn, and for each response, ms. */
const cliTimeoutMs = 2_000;

/** The interval between two rounds, ms. It is longer after a failed round, because coturn logs each wrong password. */
const roundMs = 1_000;
const failedRoundMs = 5_000;

/** Follows the revocations and ends the relays of revoked users until it is disposed. */
export function endRevokedRelays(
  { redisUrl, cliPort, cliPassword }: RelayEnding,
  { clock, random, logger }: RelayEndingParts,
): AsyncDisposable {
  const ender = createRelayEnder({
    openCli: () => openCoturnCli({ host: cliHost, port: cliPort, timeoutMs: cliTimeoutMs }, cliPassword),
    clock,
    logger,
  });
  const source = createRedisRevocations({
    url: redisUrl,
    name: 'turn-router-relay-ending',
    random,
    monotonicNowMs: clock.monotonicMs,
    onCheckSkipped: (command) =>
      logger.warn(
        { event: 'redis.check_skipped', hash: 'turn:revocations', command },
        'Redis refuses a command to this user: skipping the check that needs it',
      ),
  });
  const feed = startRevocationFeed(source, {
    onEntries(revocations, rejected) {
      ender.setRevocations(revocations);
      for (const { detail } of rejected.slice(0, 1)) {
        logger.warn(
          { event: 'relays.revocations_invalid', entries: rejected.length, detail },
          'ignoring invalid revocations',
        );
      }
    },
    onMissing: () =>
      logger.error(
        { event: 'relays.revocations_missing' },
        'all revocations vanished from Redis at once: using the last known revocations',
      ),
    onLost: ({ fault, message }) =>
      logger.warn(
        { event: 'relays.revocations_unreachable', fault, reason: message },
        'cannot read the revocations from Redis: using the last known revocations',
      ),
    onFound: () => logger.info({ event: 'relays.revocations_recovered' }, 'the revocations can be read again'),
  });
  let hasFailed = false;
  const rounds = startLoop(
    async () => {
      hasFailed = !(await ender.endOnce());
    },
    () => (hasFailed ? failedRoundMs : roundMs),
  );
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([rounds[Symbol.asyncDispose](), feed[Symbol.asyncDispose]()]);
      ender[Symbol.dispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}
