import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { judgeKey } from './judge-key.ts';
import type { JwtKeys } from './jwt-keys.ts';
import { candidatesIn, keySetFrom } from './key-set.ts';
import { pemBlocks } from './pem-blocks.ts';

/** Creates keys that do not change. They have no names, so all keys for the token's algorithm are tried. */
export function staticJwtKeys(keys: readonly JWK[]): JwtKeys {
  const keySet = keySetFrom(keys);
  return {
    candidatesFor: ({ alg }) => candidatesIn(keySet, { alg }).unnamed.map(({ jwk }) => jwk),
    isKnown: () => true,
  };
}

/** Creates a key from a secret that issuer and router share. */
export function sharedJwtSecret(secret: string): JwtKeys {
  const bytes = new TextEncoder().encode(secret);
  return { candidatesFor: () => [bytes], isKnown: () => true };
}

export type ReadPublicKeys =
  | { readonly ok: true; readonly keys: readonly JWK[] }
  | { readonly ok: false; readonly fault: string };

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
    const judged = judgeKey(key);
    if (!judged.ok) return judged;
    keys.push(judged.jwk);
  }
  return { ok: true, keys };
}
