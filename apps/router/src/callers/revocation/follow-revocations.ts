import { setTimeout as delay } from 'node:timers/promises';
import { wholeKeyOf } from '@turn-router/contract/registry';
import {
  createRedisRevocations,
  hasGained,
  parseRedisUrls,
  startRevocationFeed,
  type DurableHash,
  type HashStore,
  type StoredHash,
} from '@turn-router/registry';
import type { Logger } from '../../observe/logger.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { ProblemError } from '../../problem-error.ts';
import { createRejectionLog } from '../../observe/rejection-log.ts';
import { fieldsOfFault, openSavedHash } from '../saved-hash.ts';
import { noteSkippedCheck } from '../note-skipped-check.ts';
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
  readonly metrics: Pick<
    Metrics,
    | 'useRevocations'
    | 'useRevocationsIncomplete'
    | 'countRevokedCall'
    | 'countAuthFault'
    | 'useAuthDataLost'
    | 'useUnsaved'
  >;
  /** Returns the name of a user in the log. */
  readonly opaqueUserId: (user: string) => string;
};

/** The longest time that a caller of this file waits for a hanging disk, ms. */
const diskTimeoutMs = 1_000;

/** What an operator should do if the list is incomplete. */
const see = '“If the list of revocations is incomplete” in apps/router/docs/revocation.md';

/** `pending`: the change is not on disk yet. `none`: without STATE_DIR, no change survives a restart. */
export type Durability = 'durable' | 'pending' | 'none';

/** The revocations that this router enforces. */
export interface Revocations extends AsyncDisposable {
  /** @throws ProblemError `revocations_unknown` for a caller who is not known to be revoked, while revocations may be missing */
  readonly isRevoked: IsRevoked;
  /** False: revocations may be missing, because the files in STATE_DIR are damaged or outdated, and Redis has not answered yet. */
  readonly isComplete: () => boolean;
  /** Whether the last change is in STATE_DIR. Undefined: the revocations are in Redis. */
  readonly durability: () => Durability | undefined;
  /** The store of revocations. If there is no Redis, only the admin API of this process writes to the store. */
  readonly store: HashStore;
  /** Reads the store and the files at once instead of within a second, so that a change takes effect at once. */
  readonly refresh: () => Promise<void>;
}

/** Keeps the revocations in memory and logs each change once. Settles after the first read, whether the read succeeded or failed. */
export async function followRevocations(
  { redisUrls, stateDir, writesState }: RevocationsPlace,
  { nowMs, monotonicNowMs, random, logger, metrics, opaqueUserId }: RevocationParts,
): Promise<Revocations> {
  metrics.useRevocationsIncomplete(false);
  const saved = await openSavedHash(
    {
      name: 'revocations',
      stateDir,
      writes: writesState,
      // Without a revocation, a restart would let its subject in. Without a lift, it would only keep refusing the subject.
      isUnsafe: hasGained,
      onFault: ({ code, detail }) =>
        logger.warn(
          { event: 'revocations.save_failed', fault: code, detail },
          'cannot write the revocations to STATE_DIR: the stored copy is outdated',
        ),
      onIncomplete(fault) {
        metrics.useRevocationsIncomplete(true);
        logger.error(
          { event: 'revocations.incomplete', ...fieldsOfFault(fault), directory: stateDir, see },
          'revocations may be missing: refusing all callers until the list is complete',
        );
      },
      onComplete() {
        metrics.useRevocationsIncomplete(false);
        logger.info({ event: 'revocations.complete' }, 'the list of revocations is complete: answering callers');
      },
    },
    { nowMs, monotonicNowMs, logger, metrics },
  );
  const [url] = parseRedisUrls(redisUrls ?? '');
  const store =
    url === undefined
      ? storeInProcess(saved)
      : createRedisRevocations({
          url,
          name: 'turn-router-revocations',
          random,
          monotonicNowMs,
          onCheckSkipped: (command) => noteSkippedCheck(logger, { hash: 'turn:revocations', command }),
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
    onForbidden: () => noteSkippedCheck(logger, { hash: 'turn:revocations', command: 'GET', key: 'turn:held:*' }),
    onUnreported: ({ message }) =>
      logger.warn(
        { event: 'revocations.loss_unreported', reason: message },
        'cannot write to Redis that this router still holds the lost revocations',
      ),
  });
  const feed = startRevocationFeed(
    url === undefined
      ? store
      : {
          async readAll() {
            const stored = await readInto(saved, store);
            await loss.checkPermission();
            return stored;
          },
        },
    {
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
    { restored: saved.content(), reportHeld: loss.reportHeld },
  );
  await feed.firstReading;
  return {
    isRevoked(identity) {
      if (gate.isRevoked(identity)) return true;
      if (saved.isComplete()) return false;
      throw new ProblemError('revocations_unknown', 'The router does not know who is revoked', {
        retryAfterSeconds: 5,
      });
    },
    isComplete: saved.isComplete,
    durability() {
      if (url !== undefined) return undefined;
      if (stateDir === undefined) return 'none';
      return saved.isSaved() ? 'durable' : 'pending';
    },
    store,
    async refresh() {
      await feed.refresh();
      await untilSaved(saved);
    },
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await saved[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

/** Looks at the files, and writes what is not on disk. Does not wait longer on a hanging disk. */
async function untilSaved(saved: DurableHash): Promise<void> {
  await Promise.race([saved.refresh(), delay(diskTimeoutMs, undefined, { ref: false })]);
}

/** Keeps the revocations in this process and in STATE_DIR. */
function storeInProcess(saved: DurableHash): HashStore {
  return {
    async readAll() {
      // Another router may have changed the files.
      await untilSaved(saved);
      return saved.content() ?? new Map();
    },
    replace: (name, expected, next) => saved.replaceAll([{ name, expected, next }]),
    replaceAll: saved.replaceAll,
    findLoss: () => Promise.resolve(undefined),
    mayReportHeld: () => Promise.resolve(true),
    reportHeld: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Reads the revocations in Redis, which are complete. If Redis has lost them, the known ones stay. */
async function readInto(saved: DurableHash, store: HashStore): Promise<StoredHash | undefined> {
  const stored = await store.readAll();
  if (stored !== undefined) saved.use(stored);
  return stored;
}
