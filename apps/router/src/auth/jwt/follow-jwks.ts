import type { Logger } from '../../logger.ts';
import type { Metrics } from '../../metrics.ts';
import type { World } from '../../world.ts';
import { createFetchJwks } from './fetch-jwks.ts';
import { startJwksFeed, type JwksFeed } from './jwks-feed.ts';

export type JwksParts = Pick<World, 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countAuthFault'>;
};

/** Keeps an issuer's keys in memory, and says what happens to them, once each. Settles when they have been fetched, or could not be. */
export async function followJwks(url: string, { logger, metrics, ...world }: JwksParts): Promise<JwksFeed> {
  const feed = startJwksFeed(
    createFetchJwks(url),
    {
      onKeys: (count) => logger.info({ keys: count }, 'the issuer’s JWKS is read'),
      onLost: ({ message }) => logger.warn({ reason: message }, 'the issuer’s JWKS cannot be read: known keys stay'),
      onFault: () => metrics.countAuthFault('jwks'),
    },
    world,
  );
  await feed.firstFetch;
  return feed;
}
