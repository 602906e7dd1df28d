import { createRedisApiKeys, parseRedisUrls, startApiKeyFeed } from '@turn-router/registry';
import type { Logger } from '../../../observe/logger.ts';
import type { Metrics } from '../../../observe/metrics.ts';
import type { World } from '../../../world.ts';
import { createRejectionLog } from '../../../observe/rejection-log.ts';
import { fieldsOfFault, openSavedHash } from '../../saved-hash.ts';
import { noteSkippedCheck } from '../../note-skipped-check.ts';
import { watchLoss } from '../../watch-loss.ts';
import { createApiKeyCallers, type ApiKeyCallers } from './api-key-callers.ts';
import { apiKeysFile } from './api-keys-file.ts';

/**
 * The source of the keys: the file if there is one, else the first Redis. Only one source is used. Otherwise a key could be revoked in one source
 * and still be valid in another.
 */
export type ApiKeysPlace = {
  readonly file: string | undefined;
  readonly redisUrls: string | undefined;
  /** Directory of the copy of the keys in Redis; undefined: no copy is stored. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the copy. If there are several processes, one writes the copy and all read it. */
  readonly writesState: boolean;
};

export type ApiKeysParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'useApiKeys' | 'countAuthFault' | 'useAuthDataLost' | 'useUnsaved'>;
};

/** The largest number of keys in one log line. */
const loggedKeysMax = 20;

export type FollowedApiKeys = ApiKeyCallers &
  AsyncDisposable & {
    /** Reads the keys now. */
    readonly refresh: () => Promise<void>;
  };

/**
 * Keeps the API keys in memory and logs each change once. Settles after the first read, whether the read succeeded or failed.
 *
 * @throws RegistryError if API_KEYS_FILE cannot be read at the start
 */
export async function followApiKeys(
  { file, redisUrls, stateDir, writesState }: ApiKeysPlace,
  { nowMs, monotonicNowMs, random, logger, metrics }: ApiKeysParts,
): Promise<FollowedApiKeys> {
  const [url] = parseRedisUrls(redisUrls ?? '');
  if (file === undefined && url === undefined) throw new TypeError('API keys need a file or Redis');
  const store =
    file === undefined
      ? createRedisApiKeys({
          url: url ?? '',
          name: 'turn-router-keys',
          random,
          monotonicNowMs,
          onCheckSkipped: (command) => noteSkippedCheck(logger, { hash: 'turn:api-keys', command }),
        })
      : undefined;
  const source =
    store ??
    apiKeysFile(file ?? '', { nowMs }, (kept) =>
      logger.error(
        { event: 'api_keys.restriction_kept', keys: kept.slice(0, loggedKeysMax), count: kept.length },
        'API_KEYS_FILE drops restrictions of keys, and may be cut: keeping the restrictions until the file ends with the line ...',
      ),
    );
  if (file !== undefined) await source.readAll();

  const callers = createApiKeyCallers({ nowMs });
  const logRejected = createRejectionLog((rejected) =>
    logger.warn({ event: 'api_keys.entry_ignored', ...rejected }, 'ignoring invalid API key entry'),
  );
  // Keys of API_KEYS_FILE need no copy.
  const saved = await openSavedHash(
    {
      name: 'api-keys',
      stateDir: file === undefined ? stateDir : undefined,
      writes: writesState,
      onFault: ({ code, detail }) =>
        logger.warn(
          { event: 'api_keys.save_failed', fault: code, detail },
          'cannot write the API keys to STATE_DIR: the stored copy is outdated',
        ),
      onIncomplete: (fault) =>
        logger.warn(
          { event: 'api_keys.copy_unusable', ...fieldsOfFault(fault) },
          'the API keys in STATE_DIR are damaged or outdated: waiting for Redis',
        ),
    },
    { nowMs, monotonicNowMs, logger, metrics },
  );

  const loss = watchLoss({
    store,
    show: (isLost) => metrics.useAuthDataLost('api-keys', isLost),
    onLost: () =>
      logger.error({ event: 'api_keys.missing' }, 'all API keys are gone from Redis: keeping the last known keys'),
    onReturned: () => logger.info({ event: 'api_keys.returned' }, 'Redis has API keys again'),
    onForbidden: () => noteSkippedCheck(logger, { hash: 'turn:api-keys', command: 'GET', key: 'turn:held:*' }),
    onUnreported: ({ message }) =>
      logger.warn(
        { event: 'api_keys.loss_unreported', reason: message },
        'cannot write to Redis that this router still holds the lost API keys',
      ),
  });
  const feed = startApiKeyFeed(
    {
      async readAll() {
        const stored = await source.readAll();
        await loss.checkPermission();
        return stored;
      },
    },
    {
      onStored: saved.use,
      onEntries(keys, rejected) {
        callers.use(keys);
        metrics.useApiKeys(keys.size, rejected.length);
        logger.info({ event: 'api_keys.loaded', keys: keys.size, rejected: rejected.length }, 'API keys loaded');
        logRejected(rejected);
      },
      ...loss.events,
      onLost: ({ fault, message }) =>
        logger.warn(
          { event: 'api_keys.unreadable', fault, reason: message },
          'cannot read the API keys: keeping the last known keys',
        ),
      onFault: () => metrics.countAuthFault('api-keys'),
      onFound: () => logger.info({ event: 'api_keys.readable' }, 'API keys are readable again'),
    },
    { restored: saved.restored, reportHeld: loss.reportHeld },
  );
  await feed.firstReading;
  return {
    ...callers,
    refresh: feed.refresh,
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await saved[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
}
