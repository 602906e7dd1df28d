/** Algorithms that sign with a private key and check with its public key. */
export const publicKeyAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/**
 * Algorithms that sign and check with the same secret. They are never accepted together with the others: an attacker could use a public key as the
 * secret (RFC 8725 §2.1).
 */
export const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;

export const defaultAlgorithms = { public: ['RS256', 'PS256', 'ES256', 'EdDSA'], secret: ['HS256'] } as const;

/** Returns the accepted names in `alg`. RFC 9864 §2.2 names the algorithm of Ed25519 keys `Ed25519`; its older name is `EdDSA`. */
export function acceptedNames(algorithms: readonly string[]): readonly string[] {
  return algorithms.includes('EdDSA') ? [...new Set([...algorithms, 'Ed25519'])] : algorithms;
}

/** Whether a key with this `alg` may check a token with the other `alg`. A key without `alg` may check every token that fits its type. */
export function isSameAlgorithm(keyAlgorithm: string | undefined, tokenAlgorithm: string): boolean {
  return keyAlgorithm === undefined || newNameOf(keyAlgorithm) === newNameOf(tokenAlgorithm);
}

function newNameOf(algorithm: string): string {
  return algorithm === 'EdDSA' ? 'Ed25519' : algorithm;
}
