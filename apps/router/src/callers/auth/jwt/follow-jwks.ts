import { hash } from 'node:crypto';
import type { Logger } from '../../../observe/logger.ts';
import type { Metrics } from '../../../observe/metrics.ts';
import { fieldsOfFault, openSavedHash } from '../../saved-hash.ts';
import type { World } from '../../../world.ts';
import { createFetchJwks, JwksError, parseKeySet, type FetchedKeySet } from './fetch-jwks.ts';
import { startJwksFeed, type JwksFeed } from './jwks-feed.ts';

export type JwksPlace = {
  readonly url: string;
  /** The name of the issuer in logs, metrics and STATE_DIR; undefined: the issuer without a name. */
  readonly name?: string | undefined;
  /** Directory of the copy of the keys; undefined: no copy is stored. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the copy. If there are several processes, one writes the copy and all read it. */
  readonly writesState: boolean;
};

export type JwksParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countAuthFault' | 'useJwks' | 'useUnsaved'>;
};

/** At most this many reasons are logged. A host may publish many broken keys. */
const reasonsMax = 8;

/** Keeps an issuer's keys in memory and logs each change once. Settles after the first fetch, whether the fetch succeeded or failed. */
export async function followJwks(
  { url, name, stateDir, writesState }: JwksPlace,
  { logger, metrics, ...world }: JwksParts,
): Promise<JwksFeed> {
  const saved = await openSavedHash(
    {
      name: name === undefined ? 'jwks' : `jwks-${name}`,
      stateDir,
      writes: writesState,
      onFault: ({ code, detail }) =>
        logger.warn(
          { event: 'jwks.save_failed', issuer: name, fault: code, detail },
          'cannot write the JWKS to STATE_DIR: the stored copy is outdated',
        ),
      onIncomplete: (fault) =>
        logger.warn(
          { event: 'jwks.copy_unusable', issuer: name, ...fieldsOfFault(fault) },
          'the JWKS in STATE_DIR is damaged or outdated: waiting for the issuer',
        ),
    },
    { logger, metrics, ...world },
  );
  // A copy from another URL must not be used. The URL is hashed because it can contain a secret.
  const place = hash('sha256', url, 'hex');
  const feed = startJwksFeed(
    createFetchJwks(url),
    {
      onKeys({ usable, ignored }) {
        metrics.useJwks(name, usable.length, ignored.length);
        logger.info({ event: 'jwks.loaded', issuer: name, keys: usable.length }, 'JWKS loaded');
        if (ignored.length > 0) {
          const reasons = [...new Set(ignored.map(({ reason }) => reason))].slice(0, reasonsMax);
          logger.warn(
            { event: 'jwks.keys_ignored', issuer: name, ignored: ignored.length, reasons },
            'ignoring keys of the JWKS: tokens that they sign are refused',
          );
        }
      },
      onFetched: (text) => saved.use(new Map([[place, text]])),
      onLost: ({ message }) =>
        logger.warn(
          { event: 'jwks.unreadable', issuer: name, reason: message },
          'cannot fetch the JWKS: keeping the last known keys',
        ),
      onFault: () => metrics.countAuthFault('jwks'),
    },
    { ...world, restored: keySetIn(saved.restored?.get(place)) },
  );
  await feed.firstFetch;
  return {
    ...feed,
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await saved[Symbol.asyncDispose]();
    },
  };
}

function keySetIn(text: string | undefined): FetchedKeySet | undefined {
  try {
    return text === undefined ? undefined : parseKeySet(text);
  } catch (error) {
    if (error instanceof JwksError) return undefined;
    throw error;
  }
}
