import type { CryptoKey, JWTHeaderParameters } from 'jose';

/** What jose checks a signature with. */
export type JwtKey = CryptoKey | Uint8Array;

/** By what the signature of a token is checked. */
export interface JwtKeys {
  /**
   * The key that a token's header names.
   *
   * @throws jose's JWKSNoMatchingKey or JWKSMultipleMatchingKeys, or ProblemError `auth_unavailable` when no key was ever known
   */
  readonly keyFor: (header: JWTHeaderParameters) => JwtKey | Promise<JwtKey>;
  /** Whether any key is known. */
  readonly isKnown: () => boolean;
}
