import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, temporaryDirectory } from '@turn-router/testing';
import { createLogger } from '../../../observe/logger.ts';
import { createMetrics } from '../../../observe/metrics.ts';
import { makeKeyPair, nowMs, rules, signToken, startIssuer, type Issuer, type KeyPair } from './issuer.fixture.ts';
import { createFetchJwks, JwksError, parseKeySet } from './fetch-jwks.ts';
import { followJwks } from './follow-jwks.ts';
import { startJwksFeed, type JwksOptions } from './jwks-feed.ts';
import type { JwtKeys } from './jwt-keys.ts';
import { createJwtVerifier } from './jwt-verifier.ts';

let first: KeyPair;
let second: KeyPair;
let stranger: KeyPair;
beforeAll(async () => {
  [first, second, stranger] = await Promise.all([makeKeyPair('1'), makeKeyPair('2'), makeKeyPair('3')]);
});

/** Fetches at the start, then only for keys that are not known. */
async function follow(url: string, options: Partial<JwksOptions> = {}) {
  const said: unknown[] = [];
  const feed = startJwksFeed(
    createFetchJwks(url),
    {
      onKeys: ({ usable }) => said.push(`${usable.length} keys`),
      onLost: ({ message }) => said.push(message),
      onFault: () => undefined,
    },
    {
      monotonicNowMs: () => performance.now(),
      random: () => 0.5,
      refreshMs: 3_600_000,
      retryMs: 3_600_000,
      spacingMs: 20,
      ...options,
    },
  );
  await feed.firstFetch;
  return { ...feed, said, verify: verifierOf(feed) };
}

function verifierOf(keys: JwtKeys) {
  return createJwtVerifier([{ ...rules, keys, algorithms: ['ES256'] }], () => nowMs);
}

const alice = expect.objectContaining({ kind: 'jwt', userId: 'alice' });
const unknownKey = expect.objectContaining({ code: 'invalid_token', status: 401 });

describe('the keys of an issuer', () => {
  let host: Issuer;
  beforeAll(async () => {
    host = await startIssuer(first);
  });
  afterAll(async () => host[Symbol.asyncDispose]());

  test('are fetched once, whatever the number of calls', async () => {
    host.publish(first);
    await using feed = await follow(host.url);
    const fetches = host.fetches();
    const token = await signToken(first);
    const calls = Array.from({ length: 50 }, () => feed.verify(token));
    expect(await Promise.all(calls)).toEqual(calls.map(() => alice));
    expect(host.fetches()).toBe(fetches);
    expect(feed.said).toEqual(['1 keys']);
  });

  test('may change at any moment: no call fails, and waiting calls share one fetch', async () => {
    host.publish(first);
    await using feed = await follow(host.url);
    const fetches = host.fetches();
    host.publish(second, first);
    const tokens = await Promise.all([second, first].map((key) => signToken(key)));
    const calls = Array.from({ length: 100 }, (_, call) => feed.verify(tokens[call % 2] ?? ''));
    expect(await Promise.all(calls)).toEqual(calls.map(() => alice));
    expect(host.fetches()).toBe(fetches + 1);
    expect(feed.said).toEqual(['1 keys', '2 keys']);
  });

  test('may give its name to the next key: no call fails, and wrong signatures do not cause more fetches', async () => {
    host.publish(first);
    await using feed = await follow(host.url);
    const fetches = host.fetches();
    const named = { ...second, kid: first.kid, jwk: { ...second.jwk, kid: first.kid } };
    host.publish(named);
    const tokens = await Promise.all([signToken(named), signToken(stranger, {}, { kid: first.kid })]);
    const calls = Array.from({ length: 100 }, (_, call) => feed.verify(tokens[call % 2] ?? '').catch(String));
    const wrong = expect.stringContaining('its signature is wrong');
    expect(await Promise.all(calls)).toEqual(calls.map((_, call) => (call % 2 === 0 ? alice : wrong)));
    // A call that comes after the start of a fetch waits for the next one. On a busy machine not all calls come before.
    expect(host.fetches() - fetches).toBeLessThan(calls.length / 2);
  });

  test.each(['../../../dev/null', 'https://evil.example.org/jwks.json', "' OR 1=1", '', 'x'.repeat(4000)])(
    'are looked up by their name and nothing else (%#)',
    async (kid) => {
      host.publish(first);
      await using feed = await follow(host.url);
      await expect(feed.verify(await signToken(first, {}, { kid }))).rejects.toEqual(unknownKey);
    },
  );

  test('are invalid after the next fetch once the issuer has removed them', async () => {
    host.publish(first, second);
    await using feed = await follow(host.url);
    host.publish(second);
    await expect(feed.verify(await signToken(stranger))).rejects.toEqual(unknownKey);
    await expect(feed.verify(await signToken(first))).rejects.toEqual(unknownKey);
    expect(await feed.verify(await signToken(second))).toEqual(alice);
  });

  test('are fetched at intervals', async () => {
    host.publish(first);
    await using feed = await follow(host.url, { refreshMs: 30 });
    host.publish(first, second);
    await eventually('the new key to be known', () => feed.said.includes('2 keys'));
    expect(await feed.verify(await signToken(second))).toEqual(alice);
  });

  test('stay valid while the host is down, and its return is reported', async () => {
    host.publish(first);
    await using feed = await follow(host.url);
    host.isDown = true;
    await expect(feed.verify(await signToken(stranger))).rejects.toEqual(unknownKey);
    await expect(feed.verify(await signToken(stranger))).rejects.toEqual(unknownKey);
    expect(await feed.verify(await signToken(first))).toEqual(alice);
    host.isDown = false;
    await expect(feed.verify(await signToken(stranger))).rejects.toEqual(unknownKey);
    expect(await feed.verify(await signToken(first))).toEqual(alice);
    expect(feed.said).toEqual(['1 keys', expect.stringMatching(/^the host did not respond \(/), '1 keys']);
  });

  test('are not fetched more often than the spacing allows, whatever callers send', async () => {
    host.publish(first);
    await using feed = await follow(host.url, { spacingMs: 300 });
    const fetches = host.fetches();
    const token = await signToken(stranger);
    const startedMs = performance.now();
    for (let call = 0; call < 3; call += 1) await expect(feed.verify(token)).rejects.toEqual(unknownKey);
    const most = Math.ceil((performance.now() - startedMs) / 300) + 1;
    expect(host.fetches() - fetches).toBeLessThanOrEqual(most);
  });

  test('keep a caller waiting for one bounded time, whatever number of fetches hang', async () => {
    let started = 0;
    const hangs = (stop: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        started += 1;
        stop.addEventListener('abort', () => reject(new JwksError('stopped')));
      });
    const events = { onKeys: () => undefined, onLost: () => undefined, onFault: () => undefined };
    const world = { monotonicNowMs: () => performance.now(), random: () => 0.5 };
    await using feed = startJwksFeed(hangs, events, {
      ...world,
      spacingMs: 1,
      waitMaxMs: 100,
      restored: parseKeySet(JSON.stringify({ keys: [first.jwk] })),
    });
    const verify = verifierOf(feed);
    const token = await signToken(stranger);
    const refusal = expect.objectContaining({ status: 401, message: expect.stringContaining('in time') });
    await expect(verify(token)).rejects.toEqual(refusal);
    await expect(verify(token)).rejects.toEqual(refusal);
    expect(await verify(await signToken(first))).toEqual(alice);
    expect(started).toBe(1);
  });

  test('make only a bounded number of callers wait', async () => {
    host.publish(first);
    await using feed = await follow(host.url, { spacingMs: 500 });
    const token = await signToken(stranger);
    const calls = Array.from({ length: 300 }, () => feed.verify(token).catch((error: unknown) => error));
    expect(await Promise.race(calls.slice(256))).toEqual(unknownKey);
    expect(await Promise.all(calls)).toEqual(calls.map(() => unknownKey));
  });

  const noKeySet = 'the response is not a JSON Web Key Set with at least one key';
  test.each([
    [200, '{"keys":[]}', noKeySet],
    [200, '[]', noKeySet],
    [200, '<html>', 'the response is not JSON'],
    [200, `"${'x'.repeat(300_000)}"`, 'the response is larger than 262144 bytes'],
    [500, '', 'the host responded with status 500'],
    [302, '', 'the host responded with status 302'],
  ])('stay valid when the host answers %d', async (status, body, message) => {
    host.publish(first);
    await using feed = await follow(host.url);
    host.answer = { status, body };
    await expect(feed.verify(await signToken(stranger))).rejects.toEqual(unknownKey);
    expect(await feed.verify(await signToken(first))).toEqual(alice);
    expect(feed.said).toEqual(['1 keys', message]);
  });

  test('survive a restart while the host is down, if the URL is the same', async () => {
    await using state = await temporaryDirectory('jwks');
    const place = { stateDir: state.path, writesState: true };
    const parts = {
      nowMs: () => 0,
      monotonicNowMs: () => performance.now(),
      random: () => 0.5,
      logger: createLogger('silent', { write: () => undefined }),
      metrics: createMetrics(),
    };
    const open = (url: string) => followJwks({ ...place, url }, parts);
    host.isDown = false;
    host.publish(first);
    await (await open(host.url))[Symbol.asyncDispose]();
    host.isDown = true;
    await using elsewhere = await open(`${host.url}?other`);
    expect(elsewhere.isKnown()).toBe(false);
    await using restarted = await open(host.url);
    expect(restarted.isKnown()).toBe(true);
    expect(await verifierOf(restarted)(await signToken(first))).toEqual(alice);
    host.isDown = false;
  });

  test('are unknown until the host has answered once, and callers get a 503', async () => {
    host.isDown = true;
    await using feed = await follow(host.url);
    expect(feed.isKnown()).toBe(false);
    await expect(feed.verify(await signToken(first))).rejects.toMatchObject({ code: 'auth_unavailable', status: 503 });
    host.isDown = false;
    host.publish(first);
    expect(await feed.verify(await signToken(first))).toEqual(alice);
    expect(feed.isKnown()).toBe(true);
  });
});
