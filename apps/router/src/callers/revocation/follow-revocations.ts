import { join } from 'node:path';
import { wholeKeyOf } from '@turn-router/contract/registry';
import {
  createMemoryHash,
  createRedisRevocations,
  parseRedisUrls,
  startRevocationFeed,
  type HashStore,
} from '@turn-router/registry';
import type { Logger } from '../../observe/logger.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { createRejectionLog } from '../../observe/rejection-log.ts';
import { openSavedHash } from '../saved-hash.ts';
import { watchLoss } from '../watch-loss.ts';
import type { World } from '../../world.ts';
import { createRevocationGate, type IsRevoked } from './revocation-gate.ts';

export type RevocationsPlace = {
  /** The first of these registries holds the revocations, as it does for API keys. Undefined: the revocations are in this process. */
  readonly redisUrls: string | undefined;
  /** Directory of the copy; undefined: no copy is stored. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the copy. If there are several processes, one writes the copy and all read it. */
  readonly writesState: boolean;
};

export type RevocationParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'useRevocations' | 'countRevokedCall' | 'countAuthFault' | 'useAuthDataLost'>;
  /** Returns the name of a user in the log. */
  readonly opaqueUserId: (subject: string) => string;
};

/** The revocations that this router enforces. */
export interface Revocations extends AsyncDisposable {
  readonly isRevoked: IsRevoked;
  /** The store of revocations. If there is no Redis, only the admin API of this process writes to the store. */
  readonly store: HashStore;
  /** Reads the store at once instead of within a second, so that a change takes effect at once. */
  readonly refresh: () => Promise<void>;
}

/** Keeps the revocations in memory and logs each change once. Settles after the first read, whether the read succeeded or failed. */
export async function followRevocations(
  { redisUrls, stateDir, writesState }: RevocationsPlace,
  { nowMs, monotonicNowMs, random, logger, metrics, opaqueUserId }: RevocationParts,
): Promise<Revocations> {
  const saved = await openSavedHash({
    path: stateDir === undefined ? undefined : join(stateDir, 'revocations.json'),
    writes: writesState,
    onFault: (error) =>
      logger.warn(
        { event: 'revocations.save_failed', err: error },
        'cannot write the revocations to STATE_DIR: the stored copy is outdated',
      ),
  });
  const [url] = parseRedisUrls(redisUrls ?? '');
  const store =
    url === undefined
      ? createMemoryHash(saved.restored)
      : createRedisRevocations({
          url,
          name: 'turn-router-revocations',
          random,
          monotonicNowMs,
          onCheckSkipped: (command) =>
            logger.warn(
              { event: 'redis.check_skipped', hash: 'turn:revocations', command },
              'Redis refuses a command to this user: skipping the check that needs it',
            ),
        });

  /** Names subjects as the log lines of requests do: a user by the opaque id that TURN servers get. */
  function nameInLog(subject: string): Readonly<Record<string, string>> {
    const key = wholeKeyOf(subject);
    return key === undefined ? { user: opaqueUserId(subject) } : { key };
  }

  const gate = createRevocationGate({
    nowMs,
    monotonicNowMs,
    count: metrics.countRevokedCall,
    onRefusal: (subject) =>
      logger.warn(
        { event: 'revocations.caller_refused', ...nameInLog(subject) },
        'refused a revoked caller: further refusals of this subject are not logged for one minute',
      ),
  });
  const logRejected = createRejectionLog((rejected) =>
    logger.warn({ event: 'revocations.entry_ignored', ...rejected }, 'ignoring invalid revocation'),
  );
  const loss = watchLoss({
    store,
    show: (isLost) => metrics.useAuthDataLost('revocations', isLost),
    onLost: () =>
      logger.error(
        { event: 'revocations.missing' },
        'all revocations are gone from Redis: keeping the last known revocations',
      ),
    onReturned: () => logger.info({ event: 'revocations.returned' }, 'Redis has revocations again'),
    onUnreported: ({ message }) =>
      logger.warn(
        { event: 'revocations.loss_unreported', reason: message },
        'cannot write to Redis that this router still holds the lost revocations',
      ),
  });
  const feed = startRevocationFeed(
    store,
    {
      onStored: saved.save,
      onEntries(revocations, rejected) {
        gate.use(revocations);
        metrics.useRevocations(revocations.size, rejected.length);
        if (revocations.size + rejected.length > 0) {
          logger.info(
            { event: 'revocations.loaded', revocations: revocations.size, rejected: rejected.length },
            'revocations loaded',
          );
        }
        logRejected(rejected);
      },
      ...loss.events,
      onLost: ({ fault, message }) =>
        logger.warn(
          { event: 'revocations.unreadable', fault, reason: message },
          'cannot read the revocations: keeping the last known revocations',
        ),
      onFault: () => metrics.countAuthFault('revocations'),
      onFound: () => logger.info({ event: 'revocations.readable' }, 'revocations are readable again'),
    },
    { restored: saved.restored, reportHeld: loss.reportHeld },
  );
  await feed.firstReading;
  return {
    isRevoked: gate.isRevoked,
    store,
    refresh: feed.refresh,
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await saved[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
