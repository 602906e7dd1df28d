import { revocationsRedisKey } from '@turn-router/contract/registry';
import type { HashStore } from '../hash/hash-store.ts';
import { createRedisHash, type RedisHashOptions } from '../hash/redis-hash.ts';

/** The revocations: subject → `Revocation`. @throws RedisUrlFault */
export function createRedisRevocations(options: RedisHashOptions): HashStore {
  return createRedisHash({ key: revocationsRedisKey, what: 'revocations' }, options);
}
