import { setTimeout as delay } from 'node:timers/promises';
import { startLoop } from '@turn-router/registry';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { authUnavailable } from '../auth-problems.ts';
import { JwksError, type FetchJwks } from './fetch-jwks.ts';
import type { JwtKey, JwtKeys } from './jwt-keys.ts';

export type JwksEvents = {
  /** Called after the first fetch, after a successful fetch that follows a failure, and when the keys have changed. */
  onKeys(count: number): void;
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
  readonly restored?: JSONWebKeySet | undefined;
};

export interface JwksFeed extends JwtKeys, AsyncDisposable {
  /** Settles after the first fetch, whether it succeeded or failed. */
  readonly firstFetch: Promise<void>;
}

/** At most this many callers wait for a fetch at the same time. Further callers are refused at once, because only an attack has so many. */
const waitingMax = 256;

/**
 * Keeps an issuer's keys in memory. A token with a known key is checked at once, even if the host is unreachable. A token with an unknown key waits
 * for one fetch, which all such callers share. So no call fails when an issuer changes its key.
 *
 * This does not use `createRemoteJWKSet` of jose. There, a caller has to wait for a fetch whenever the keys are old, and the call fails if the host
 * is unreachable.
 */
export function startJwksFeed(
  fetchJwks: FetchJwks,
  events: JwksEvents,
  { monotonicNowMs, random, refreshMs = 300_000, retryMs = 5_000, spacingMs = 1_000, restored }: JwksOptions,
): JwksFeed {
  const stopped = new AbortController();
  let keySet = restored && createLocalJWKSet(restored);
  let keySetText = restored === undefined ? '' : JSON.stringify(restored);
  let isLost = false;
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let pending: { hasStarted: boolean; readonly done: Promise<void> } | undefined;
  let waiting = 0;

  function take(fetched: JSONWebKeySet): void {
    const text = JSON.stringify(fetched);
    // Unchanged keys keep their objects, so that they need no new import.
    if (text === keySetText && !isLost) return;
    if (text !== keySetText) {
      keySet = createLocalJWKSet(fetched);
      keySetText = text;
      events.onFetched?.(text);
    }
    isLost = false;
    events.onKeys(fetched.keys.length);
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

  async function findKey(header: JWTHeaderParameters): Promise<JwtKey | undefined> {
    try {
      return await keySet?.(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  async function keyFor(header: JWTHeaderParameters): Promise<JwtKey> {
    const known = await findKey(header);
    if (known !== undefined) return known;
    if (waiting >= waitingMax) throw new errors.JWKSNoMatchingKey();
    waiting += 1;
    try {
      const first = fetchSoon();
      const mayBeOutdated = first.hasStarted;
      await first.done;
      const fetched =
        (await findKey(header)) ?? (mayBeOutdated ? await fetchSoon().done.then(() => findKey(header)) : undefined);
      if (fetched !== undefined) return fetched;
    } finally {
      waiting -= 1;
    }
    if (keySet === undefined)
      throw authUnavailable('The router has no keys of the issuer, because it cannot fetch the JWKS');
    throw new errors.JWKSNoMatchingKey();
  }

  const firstFetch = fetchSoon().done;
  const loop = startLoop(
    () => fetchSoon().done,
    () => (isLost ? retryMs : refreshMs) * (0.9 + 0.2 * random()),
  );
  return {
    keyFor,
    isKnown: () => keySet !== undefined,
    firstFetch,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop[Symbol.asyncDispose]();
      await pending?.done;
    },
  };
}
