import type { CryptoKey, JWTHeaderParameters } from 'jose';

/** A key with which jose checks a signature. */
export type JwtKey = CryptoKey | Uint8Array;

/** The keys that check the signatures of tokens. */
export interface JwtKeys {
  /**
   * Returns the key that a token's header names.
   *
   * @throws jose's JWKSNoMatchingKey or JWKSMultipleMatchingKeys, or ProblemError `auth_unavailable` if no key was ever known
   */
  readonly keyFor: (header: JWTHeaderParameters) => JwtKey | Promise<JwtKey>;
  /** Whether any key is known. */
  readonly isKnown: () => boolean;
}
