import { parseRevocation, revocationsRedisKey, type Revocation } from '@turn-router/contract/registry';
import { startHashFeed, type HashFeed, type HashFeedEvents, type HashFeedOptions } from '../hash/hash-feed.ts';
import type { HashSource, HashStore } from '../hash/hash-store.ts';
import { createRedisHash, type HashSizeEvents, type RedisHashOptions } from '../hash/redis-hash.ts';

/** Opens the hash of revocations: subject → `Revocation`. @throws RedisUrlFault */
export function createRedisRevocations(options: RedisHashOptions & HashSizeEvents): HashStore {
  return createRedisHash(
    {
      key: revocationsRedisKey,
      what: 'revocations',
      auditActions: ['subject.revoked', 'subject.imported', 'subject.lifted'],
    },
    options,
  );
}

/** Follows the revocations, expired ones included. A new revocation is known well within 2 s. */
export function startRevocationFeed(
  source: Pick<HashSource, 'readAll'>,
  events: HashFeedEvents<Revocation>,
  options?: HashFeedOptions,
): HashFeed {
  return startHashFeed(source, parseRevocation, events, options);
}
