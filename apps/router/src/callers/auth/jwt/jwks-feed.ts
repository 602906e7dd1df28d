import { setTimeout as delay } from 'node:timers/promises';
import { startLoop } from '@turn-router/registry';
import { withDeadline } from '@turn-router/deadline';
import type { JWTHeaderParameters } from 'jose';
import { authUnavailable, invalidToken } from '../auth-problems.ts';
import { JwksError, type FetchedKeySet, type FetchJwks } from './fetch-jwks.ts';
import type { JwtKey, JwtKeys } from './jwt-keys.ts';
import { candidatesIn, type KeySet } from './key-set.ts';

export type JwksEvents = {
  /** Called after the first fetch, after a successful fetch that follows a failure, and when the keys have changed. */
  onKeys(keySet: KeySet): void;
  /** Called with a changed JWKS, as JSON. */
  onFetched?(text: string): void;
  /** Called once for several failures in a row, at the first failure. */
  onLost(error: JwksError): void;
  /** Called at every failed fetch. */
  onFault(): void;
};

export type JwksOptions = {
  readonly monotonicNowMs: () => number;
  /** A random number, uniform in [0, 1). It spreads the fetches of many routers over time. */
  readonly random: () => number;
  /** Time between two regular fetches, ms. Issuers publish a key long before they sign with it. */
  readonly refreshMs?: number;
  /** Time to the next fetch after a failure, ms. */
  readonly retryMs?: number;
  /** Shortest time between the starts of two fetches, ms. It holds whatever callers send. */
  readonly spacingMs?: number;
  /** The keys from before a restart. They are used until the host responds. */
  readonly restored?: FetchedKeySet | undefined;
  /** Longest wait of a caller whose token has an unknown key, ms. It holds for all fetches together. */
  readonly waitMaxMs?: number;
};

export interface JwksFeed extends JwtKeys, AsyncDisposable {
  /** Settles after the first fetch, whether it succeeded or failed. */
  readonly firstFetch: Promise<void>;
}

const none: KeySet = { usable: [], ignored: [] };

/** At most this many callers wait for a fetch at the same time. Further callers are refused at once, because only an attack has so many. */
const waitingMax = 256;

/**
 * Keeps an issuer's keys in memory. A token with a known key is checked at once, even if the host is unreachable. A token that no
 * known key has signed waits for one fetch, which all such callers share. So no call fails when an issuer changes its key.
 *
 * This does not use `createRemoteJWKSet` of jose. There, a caller has to wait for a fetch whenever the keys are old, and the call fails if the host
 * is unreachable.
 */
export function startJwksFeed(
  fetchJwks: FetchJwks,
  events: JwksEvents,
  {
    monotonicNowMs,
    random,
    refreshMs = 300_000,
    retryMs = 5_000,
    spacingMs = 1_000,
    waitMaxMs = 2_000,
    restored,
  }: JwksOptions,
): JwksFeed {
  const stopped = new AbortController();
  let keySet = restored;
  let isLost = false;
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let pending: { hasStarted: boolean; readonly done: Promise<void> } | undefined;
  let waiting = 0;

  /** Number of successful fetches. */
  let fetched = 0;

  function take(next: FetchedKeySet): void {
    // Unchanged keys keep their objects, so that they need no new import.
    const hasChanged = next.text !== keySet?.text;
    if (hasChanged) {
      keySet = next;
      events.onFetched?.(next.text);
    }
    if (hasChanged || isLost || fetched === 0) events.onKeys(next);
    isLost = false;
    fetched += 1;
  }

  async function fetchOnce(): Promise<void> {
    try {
      take(await fetchJwks(stopped.signal));
    } catch (error) {
      if (!(error instanceof JwksError)) throw error;
      if (stopped.signal.aborted) return;
      events.onFault();
      if (!isLost) events.onLost(error);
      isLost = true;
    }
  }

  /** Returns the fetch in progress, or schedules one. */
  function fetchSoon(): NonNullable<typeof pending> {
    if (pending !== undefined) return pending;
    const fetchWhenDue = async () => {
      const restMs = startedAtMs + spacingMs - monotonicNowMs();
      if (restMs > 0) await delay(restMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      next.hasStarted = true;
      startedAtMs = monotonicNowMs();
      if (!stopped.signal.aborted) await fetchOnce();
      pending = undefined;
    };
    const next = { hasStarted: false, done: Promise.resolve() };
    pending = next;
    next.done = fetchWhenDue();
    return next;
  }

  /** Waits until the keys are newer than the call, or until they include a key with the name. Waits at most `waitMaxMs`. */
  async function untilNewer(isNamed: () => boolean): Promise<void> {
    if (waiting >= waitingMax) return;
    waiting += 1;
    try {
      await withDeadline({ timeoutMs: waitMaxMs, timeoutError: () => new JwksError('too slow') }, async () => {
        const first = fetchSoon();
        const mayBeOutdated = first.hasStarted;
        await first.done;
        if (mayBeOutdated && !isNamed()) await fetchSoon().done;
      });
    } catch (error) {
      if (!(error instanceof JwksError)) throw error;
    } finally {
      waiting -= 1;
    }
  }

  async function* candidatesFor(header: JWTHeaderParameters): AsyncGenerator<JwtKey> {
    const find = () => candidatesIn(keySet ?? none, header);
    const known = find();
    // Keys without the name are not tried if there are keys with the name.
    const first = known.named.length > 0 ? known.named : known.unnamed;
    yield* first.map(({ jwk }) => jwk);

    // An issuer may also give the name of a key to its next key.
    const isTried = new Set(first);
    const fetchedBefore = fetched;
    await untilNewer(() => find().named.some((key) => !isTried.has(key)));
    const { named, unnamed, fault } = find();
    yield* [...named, ...(known.named.length > 0 ? [] : unnamed)]
      .filter((key) => !isTried.has(key))
      .map(({ jwk }) => jwk);

    if (keySet === undefined) {
      throw authUnavailable('The router has no keys of the issuer, because it cannot fetch the JWKS');
    }
    if (fault !== undefined) {
      throw authUnavailable(
        `The JWKS of the issuer is at fault: it has an invalid key with the name in the token: ${fault}`,
      );
    }
    if (fetched === fetchedBefore) {
      throw invalidToken('no known key has signed it, and the router could not fetch newer keys of the issuer in time');
    }
  }

  const firstFetch = fetchSoon().done;
  const loop = startLoop(
    () => fetchSoon().done,
    () => (isLost ? retryMs : refreshMs) * (0.9 + 0.2 * random()),
  );
  return {
    candidatesFor,
    isKnown: () => keySet !== undefined,
    firstFetch,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop[Symbol.asyncDispose]();
      await pending?.done;
    },
  };
}
