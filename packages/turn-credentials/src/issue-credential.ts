import { createHmacOf, type Hmac } from './hmac.ts';
import type { KeyRing, SigningKey } from './key-ring.ts';

export type TurnCredential = {
  /** `<expiry, unix seconds>:<opaque user id>` */
  readonly username: string;
  /** base64(HMAC-SHA1(secret, username)) */
  readonly credential: string;
};

/**
 * Signs an ephemeral credential that any TURN server holding the key's secret accepts until `nowMs` + `ttlSeconds`.
 *
 * Source: draft-uberti-behave-turn-rest-00 §2.2; coturn's `use-auth-secret`, which knows HMAC-SHA1 only.
 *
 * @param opaqueUserId what per-user quotas of the TURN server count by; `[A-Za-z0-9_-]+`. An empty one would lift every quota,
 *   a `:` would shift it, a `%` crashes coturn before 4.13.
 * @param ttlSeconds whole seconds, at least 1
 * @throws RangeError when either is none of that
 */
export function issueCredential(request: {
  key: SigningKey;
  opaqueUserId: string;
  nowMs: number;
  ttlSeconds: number;
}): TurnCredential {
  const { key, opaqueUserId, nowMs, ttlSeconds } = request;
  if (!/^[A-Za-z0-9_-]+$/.test(opaqueUserId))
    throw new RangeError('opaqueUserId: expected one or more of A–Z a–z 0–9 _ -');
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 1)
    throw new RangeError('ttlSeconds: expected a whole number above 0');
  const expirySeconds = Math.floor(nowMs / 1000) + ttlSeconds;
  const username = `${expirySeconds}:${opaqueUserId}`;
  return { username, credential: hmacOf(key)(username, 'base64') };
}

/**
 * The newest key that a node has proven to accept, so that a key may be added to nodes and routers in any order.
 *
 * @param provenIds of a node that says it; where it does not, or names no key of the ring, the newest key is as good as any
 */
export function signingKeyFor({ keys }: KeyRing, provenIds: readonly string[] | undefined): SigningKey {
  return keys.find(({ id }) => provenIds?.includes(id)) ?? keys[0];
}

/** Of every key that signs, for as long as the key is in use. */
const hmacs = new WeakMap<SigningKey, Hmac>();

function hmacOf(key: SigningKey): Hmac {
  const known = hmacs.get(key);
  if (known !== undefined) return known;
  const hmac = createHmacOf('sha1', key.secret);
  hmacs.set(key, hmac);
  return hmac;
}
