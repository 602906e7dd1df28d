import { apiKeysRedisKey } from '@turn-router/contract/registry';
import type { HashStore } from '../hash/hash-store.ts';
import { createRedisHash, type RedisHashOptions } from '../hash/redis-hash.ts';

/** The API keys: id → `ApiKeyRecord`. @throws RedisUrlFault */
export function createRedisApiKeys(options: RedisHashOptions): HashStore {
  return createRedisHash({ key: apiKeysRedisKey, what: 'API keys' }, options);
}
