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
import type { World } from '../../world.ts';
import { createRevocationGate, type IsRevoked } from './revocation-gate.ts';

export type RevocationsPlace = {
  /** Of several the first, as for API keys; undefined: in this process alone. */
  readonly redisUrls: string | undefined;
  /** Where they are kept over a restart; undefined: nowhere. */
  readonly stateDir: string | undefined;
  /** Of several processes one writes there; all read. */
  readonly writesState: boolean;
};

export type RevocationParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'useRevocations' | 'countRevokedCall' | 'countAuthFault'>;
  /** What a user is called in the log. */
  readonly opaqueUserId: (subject: string) => string;
};

/** Whom this router refuses. */
export interface Revocations extends AsyncDisposable {
  readonly isRevoked: IsRevoked;
  /** What they are read from. Without Redis it is written in this process, by its admin API, or not at all. */
  readonly store: HashStore;
  /** Has what was just written hold now, rather than within a second. */
  readonly refresh: () => Promise<void>;
}

/** Keeps the revocations in memory, and says what happens to them, once each. Settles when they have been read, or could not be. */
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
        'cannot write the revocations to STATE_DIR: the copy there is outdated',
      ),
  });
  const [url] = parseRedisUrls(redisUrls ?? '');
  const store =
    url === undefined
      ? createMemoryHash(saved.restored)
      : createRedisRevocations({ url, name: 'turn-router-revocations', random, monotonicNowMs });

  /** As in the lines of requests: of users what TURN servers see too. */
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
        'revoked caller refused: its further refusals are not logged for a minute',
      ),
  });
  const logRejected = createRejectionLog((rejected) =>
    logger.warn({ event: 'revocations.entry_ignored', ...rejected }, 'ignoring invalid revocation'),
  );
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
      onMissing: () =>
        logger.error(
          { event: 'revocations.missing' },
          'all revocations are gone from Redis: keeping the last known revocations',
        ),
      onLost: ({ fault, message }) =>
        logger.warn(
          { event: 'revocations.unreadable', fault, reason: message },
          'cannot read the revocations: keeping the last known revocations',
        ),
      onFault: () => metrics.countAuthFault('revocations'),
      onFound: () => logger.info({ event: 'revocations.readable' }, 'revocations are readable again'),
    },
    { restored: saved.restored },
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
