import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type JWK } from 'jose';
import type { JwtKeys } from './jwt-keys.ts';
import { pemBlocks } from './pem-blocks.ts';

/** Minimum size of an RSA key, bits (RFC 7518 §3.3). */
const rsaMinBits = 2048;

/** Creates keys that do not change. If a token does not name its key (`kid`), all keys for its algorithm are tried. */
export function staticJwtKeys(keys: readonly JWK[]): JwtKeys {
  const keySet = createLocalJWKSet({ keys: [...keys] });
  return { keyFor: ({ alg }) => keySet({ alg }), isKnown: () => true };
}

/** Creates a key from a secret that issuer and router share. */
export function sharedJwtSecret(secret: string): JwtKeys {
  const bytes = new TextEncoder().encode(secret);
  return { keyFor: () => bytes, isKnown: () => true };
}

export type ReadPublicKeys =
  { readonly ok: true; readonly keys: readonly JWK[] } | { readonly ok: false; readonly fault: string };

/** Reads one or several PEM blocks `PUBLIC KEY` (SPKI, RFC 7468 §13), for example a key and the key that replaces it. */
export function readPublicKeys(text: string): ReadPublicKeys {
  const blocks = pemBlocks(text);
  if (blocks === undefined) {
    return { ok: false, fault: 'Not a public key: expected PEM, from -----BEGIN PUBLIC KEY----- to its end' };
  }
  const keys: JWK[] = [];
  for (const block of blocks) {
    let key;
    try {
      key = createPublicKey(block);
    } catch {
      return { ok: false, fault: 'Unreadable public key: expected RSA, EC or Ed25519 in PEM' };
    }
    const bits = key.asymmetricKeyDetails?.modulusLength;
    if (bits !== undefined && bits < rsaMinBits) {
      return { ok: false, fault: `RSA key of ${bits} bits: expected at least ${rsaMinBits} bits` };
    }
    keys.push(key.export({ format: 'jwk' }));
  }
  return { ok: true, keys };
}
