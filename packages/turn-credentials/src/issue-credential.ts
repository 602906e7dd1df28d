import { createHmacOf, type Hmac } from './hmac.ts';
import type { SigningKey } from './key-ring.ts';

export type TurnCredential = {
  /** `<expiry, unix seconds>:<opaque user id>` */
  readonly username: string;
  /** base64(HMAC-SHA1(secret, username)) */
  readonly credential: string;
};

/**
 * Signs an ephemeral credential. Every TURN server that has the key's secret accepts the credential until `nowMs` + `ttlSeconds`.
 *
 * Sources: draft-uberti-behave-turn-rest-00 §2.2, and coturn's `use-auth-secret`. coturn supports only HMAC-SHA1.
 *
 * @param opaqueUserId the user name to which the TURN server's per-user quotas apply; `[A-Za-z0-9_-]+`. An empty id would disable the quotas.
 *   With a `:`, the quotas would apply to another name. A `%` crashes coturn before 4.13.
 * @param ttlSeconds whole seconds, at least 1
 * @throws RangeError if `opaqueUserId` or `ttlSeconds` is invalid
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

/** Caches the HMAC function of each key for as long as the key is in use. */
const hmacs = new WeakMap<SigningKey, Hmac>();

function hmacOf(key: SigningKey): Hmac {
  const known = hmacs.get(key);
  if (known !== undefined) return known;
  const hmac = createHmacOf('sha1', key.secret);
  hmacs.set(key, hmac);
  return hmac;
}
