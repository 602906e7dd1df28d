import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { publicKeyAlgorithms } from './jwt-algorithms.ts';

/** Minimum size of an RSA key, bits (RFC 7518 §3.3). */
const rsaMinBits = 2048;

/** Maximum size of an RSA key, bits. A larger key costs too much time for each token. */
const rsaMaxBits = 16_384;

/** Smallest safe exponent of an RSA key. With the exponent 1, every text is its own signature. */
const rsaMinExponent = 3n;

const ecAlgorithms: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/** A public key that can check signatures. */
export type VerifyingKey = {
  readonly kid: string | undefined;
  /** The only algorithm that the issuer uses the key for; undefined: any of `fits`. */
  readonly alg: string | undefined;
  /** The algorithms that the type of the key allows. */
  readonly fits: readonly string[];
  /** Only the public numbers. Members such as `use`, `key_ops` and `ext` are for the private key's owner, and do not restrict checks. */
  readonly jwk: JWK;
};

export type JudgedKey =
  | { readonly kind: 'usable'; readonly key: VerifyingKey }
  /** A key for another purpose, such as encryption. */
  | { readonly kind: 'other' }
  | { readonly kind: 'ignored'; readonly kid: string | undefined; readonly reason: string };

const memberSchema = z.looseObject({
  kty: z.string(),
  kid: z.string().optional().catch(undefined),
  alg: z.string().optional(),
});

/** Judges one member of a JWKS. RFC 7517 §5: members that an implementation does not understand are ignored, and the others stay valid. */
export function judgeMember(member: unknown): JudgedKey {
  const parsed = memberSchema.safeParse(member);
  const kid = parsed.data?.kid;
  const ignored = (reason: string): JudgedKey => ({ kind: 'ignored', kid, reason });
  if (!parsed.success) return ignored('not a JWK: expected an object with the text kty');
  const { kty, alg } = parsed.data;
  if (kty === 'oct' || 'd' in parsed.data) return ignored('a secret key: expected a public key');
  if (alg !== undefined && !publicKeyAlgorithms.some((known) => known === alg)) return { kind: 'other' };
  let key: KeyObject;
  try {
    key = createPublicKey({ key: parsed.data, format: 'jwk' });
  } catch {
    return ignored(`unreadable or unsupported key: expected RSA, EC or Ed25519`);
  }
  const judged = judgeKey(key);
  return judged.ok ? { kind: 'usable', key: { kid, alg, fits: judged.fits, jwk: judged.jwk } } : ignored(judged.fault);
}

export type JudgedPublicKey =
  | { readonly ok: true; readonly fits: readonly string[]; readonly jwk: JWK }
  | { readonly ok: false; readonly fault: string };

/** Finds out the algorithms that fit a public key. */
export function judgeKey(key: KeyObject): JudgedPublicKey {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const usable = (fits: readonly string[]) => ({ ok: true, fits, jwk: key.export({ format: 'jwk' }) }) as const;
  if (key.asymmetricKeyType === 'ed25519') return usable(['EdDSA', 'Ed25519']);
  if (key.asymmetricKeyType === 'ec' && ecAlgorithms[namedCurve] !== undefined)
    return usable([ecAlgorithms[namedCurve]]);
  if (key.asymmetricKeyType !== 'rsa') return { ok: false, fault: 'Unsupported key: expected RSA, EC or Ed25519' };
  if (modulusLength < rsaMinBits || modulusLength > rsaMaxBits) {
    const expected = modulusLength < rsaMinBits ? `at least ${rsaMinBits}` : `at most ${rsaMaxBits}`;
    return { ok: false, fault: `RSA key of ${modulusLength} bits: expected ${expected} bits` };
  }
  if (publicExponent < rsaMinExponent) {
    return { ok: false, fault: `RSA key with the exponent ${publicExponent}: expected at least ${rsaMinExponent}` };
  }
  return usable(publicKeyAlgorithms.filter((algorithm) => /^[RP]S/.test(algorithm)));
}
