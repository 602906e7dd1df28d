import { setTimeout as delay } from 'node:timers/promises';
import { startLoop } from '@turn-router/registry';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { authUnavailable } from '../auth-problems.ts';
import { JwksError, type FetchJwks } from './fetch-jwks.ts';
import type { JwtKey, JwtKeys } from './jwt-keys.ts';

export type JwksEvents = {
  /** Fetched after it was not, or for the first time; or it has other keys than before. */
  onKeys(count: number): void;
  /** What was fetched is other than before, as JSON. */
  onFetched?(text: string): void;
  /** The first of several failures. */
  onLost(error: JwksError): void;
  /** Every failure. */
  onFault(): void;
};

export type JwksOptions = {
  readonly monotonicNowMs: () => number;
  /** Uniform in [0, 1): spreads the fetches of many routers. */
  readonly random: () => number;
  /** Time between two regular fetches, ms. Issuers publish a key well before they sign by it. */
  readonly refreshMs?: number;
  /** The same after one that failed. */
  readonly retryMs?: number;
  /** Between the beginnings of any two fetches at least, whatever callers send. */
  readonly spacingMs?: number;
  /** What was known before a restart: serves until the host answers. */
  readonly restored?: JSONWebKeySet | undefined;
};

export interface JwksFeed extends JwtKeys, AsyncDisposable {
  /** Settles when the keys have been fetched once, or could not be. */
  readonly firstFetch: Promise<void>;
}

/** Callers that wait for a fetch at the same time; more can only be an attempt to keep us busy, and are refused at once. */
const waitingMax = 256;

/**
 * Keeps an issuer's keys in memory. A token by a known key waits for nothing, whether the host answers or not. Only one that names an
 * unknown key waits, for the one fetch that all such callers share, so that an issuer may change its key at any moment and no call fails.
 *
 * Not jose's `createRemoteJWKSet`: that fetches while a caller waits whenever what it has is old, and fails the call if the host is away.
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
  let begunAtMs = Number.NEGATIVE_INFINITY;
  let flight: { hasBegun: boolean; readonly landed: Promise<void> } | undefined;
  let waiting = 0;

  function take(fetched: JSONWebKeySet): void {
    const text = JSON.stringify(fetched);
    // The same keys stay the same objects, and need not be imported again.
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

  /** The fetch under way or about to begin. */
  function fetchSoon(): NonNullable<typeof flight> {
    if (flight !== undefined) return flight;
    const takeOff = async () => {
      const restMs = begunAtMs + spacingMs - monotonicNowMs();
      if (restMs > 0) await delay(restMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      next.hasBegun = true;
      begunAtMs = monotonicNowMs();
      if (!stopped.signal.aborted) await fetchOnce();
      flight = undefined;
    };
    const next = { hasBegun: false, landed: Promise.resolve() };
    flight = next;
    next.landed = takeOff();
    return next;
  }

  async function knows(header: JWTHeaderParameters): Promise<JwtKey | undefined> {
    try {
      return await keySet?.(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  async function keyFor(header: JWTHeaderParameters): Promise<JwtKey> {
    const known = await knows(header);
    if (known !== undefined) return known;
    if (waiting >= waitingMax) throw new errors.JWKSNoMatchingKey();
    waiting += 1;
    try {
      const first = fetchSoon();
      const mayBeOlder = first.hasBegun;
      await first.landed;
      const fetched =
        (await knows(header)) ?? (mayBeOlder ? await fetchSoon().landed.then(() => knows(header)) : undefined);
      if (fetched !== undefined) return fetched;
    } finally {
      waiting -= 1;
    }
    if (keySet === undefined) throw authUnavailable('The issuer’s keys are not known yet: its JWKS cannot be fetched');
    throw new errors.JWKSNoMatchingKey();
  }

  const firstFetch = fetchSoon().landed;
  const loop = startLoop(
    () => fetchSoon().landed,
    () => (isLost ? retryMs : refreshMs) * (0.9 + 0.2 * random()),
  );
  return {
    keyFor,
    isKnown: () => keySet !== undefined,
    firstFetch,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop[Symbol.asyncDispose]();
      await flight?.landed;
    },
  };
}
