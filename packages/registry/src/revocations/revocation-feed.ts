import { parseRevocation, type Revocation } from '@turn-router/contract/registry';
import { startHashFeed, type HashFeed, type HashFeedEvents, type HashFeedOptions } from '../hash/hash-feed.ts';
import type { HashSource } from '../hash/hash-store.ts';

/** Follows the revocations, those that are over included. Whoever is revoked is known well within 2 s. */
export function startRevocationFeed(
  source: Pick<HashSource, 'readAll'>,
  events: HashFeedEvents<Revocation>,
  options?: HashFeedOptions,
): HashFeed {
  return startHashFeed(source, parseRevocation, events, options);
}
