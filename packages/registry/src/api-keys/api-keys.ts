import { apiKeysRedisKey, parseApiKeyRecord, type ApiKeyRecord } from '@turn-router/contract/registry';
import { startHashFeed, type HashFeed, type HashFeedEvents, type HashFeedOptions } from '../hash/hash-feed.ts';
import type { HashSource, HashStore } from '../hash/hash-store.ts';
import { createRedisHash, type HashSizeEvents, type RedisHashOptions } from '../hash/redis-hash.ts';

/** Opens the hash of API keys: id → `ApiKeyRecord`. @throws RedisUrlFault */
export function createRedisApiKeys(options: RedisHashOptions & HashSizeEvents): HashStore {
  return createRedisHash(
    {
      key: apiKeysRedisKey,
      what: 'API keys',
      auditActions: ['key.created', 'key.imported', 'key.rotated', 'key.revoked'],
    },
    options,
  );
}

/** Follows the API keys. A removed key is refused well within 2 s. */
export function startApiKeyFeed(
  source: Pick<HashSource, 'readAll'>,
  events: HashFeedEvents<ApiKeyRecord>,
  options?: HashFeedOptions,
): HashFeed {
  return startHashFeed(source, parseApiKeyRecord, events, options);
}
