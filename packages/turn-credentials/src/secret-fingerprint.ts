import { createHmac } from 'node:crypto';
import type { KeyRing, SigningKey } from './key-ring.ts';

/** A constant for this purpose only. A TURN username never has this form, so a fingerprint is never a credential. */
const purpose = 'turn-router secret fingerprint 1';

/** Length of a fingerprint, bytes: 96 bits. Two different secrets practically never have the same fingerprint. */
const fingerprintBytes = 12;

/**
 * Returns the fingerprint of a secret: the first 96 bits of HMAC-SHA256(secret, purpose), as 16 base64url characters (RFC 2104, RFC 4648 §5).
 * A node publishes it, so that a router detects that it has another secret. TURN servers check HMAC-SHA1, so the fingerprint opens no relay.
 *
 * Who reads a fingerprint can test guesses of the secret offline, as who has an issued credential can. A random secret of 128 bits or more
 * cannot be guessed. A short or memorable secret can.
 *
 * @param secret encoded as UTF-8
 */
export function secretFingerprint(secret: string): string {
  return createHmac('sha256', secret).update(purpose).digest().subarray(0, fingerprintBytes).toString('base64url');
}

/** Caches the fingerprint of each key for as long as the key is in use. */
const fingerprints = new WeakMap<SigningKey, string>();

/** Returns the fingerprint of the key's secret. */
export function fingerprintOf(key: SigningKey): string {
  const known = fingerprints.get(key);
  if (known !== undefined) return known;
  const fingerprint = secretFingerprint(key.secret);
  fingerprints.set(key, fingerprint);
  return fingerprint;
}

/** Returns the fingerprint of each key in the ring, by key id. */
export function fingerprintsOf({ keys }: KeyRing): ReadonlyMap<string, string> {
  return new Map(keys.map((key) => [key.id, fingerprintOf(key)]));
}
