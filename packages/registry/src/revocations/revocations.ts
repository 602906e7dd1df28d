import { parseRevocation, revocationsRedisKey, type Revocation } from '@turn-router/contract/registry';
import { startHashFeed, type HashFeed, type HashFeedEvents, type HashFeedOptions } from '../hash/hash-feed.ts';
import type { HashSource, HashStore } from '../hash/hash-store.ts';
import { createRedisHash, type RedisHashOptions } from '../hash/redis-hash.ts';

/** The revocations: subject → `Revocation`. @throws RedisUrlFault */
export function createRedisRevocations(options: RedisHashOptions): HashStore {
  return createRedisHash({ key: revocationsRedisKey, what: 'revocations' }, options);
}

/** Follows the revocations, those that are over included. Whoever is revoked is known well within 2 s. */
export function startRevocationFeed(
  source: Pick<HashSource, 'readAll'>,
  events: HashFeedEvents<Revocation>,
  options?: HashFeedOptions,
): HashFeed {
  return startHashFeed(source, parseRevocation, events, options);
}
