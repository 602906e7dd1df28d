import type { CryptoKey, JWTHeaderParameters } from 'jose';

/** A key with which jose checks a signature. */
export type JwtKey = CryptoKey | Uint8Array;

/** The keys that check the signatures of tokens. */
export interface JwtKeys {
  /**
   * Returns the key that the header of a token names.
   *
   * @throws JWKSNoMatchingKey or JWKSMultipleMatchingKeys of jose, or ProblemError `auth_unavailable` if no key was ever read
   */
  readonly keyFor: (header: JWTHeaderParameters) => JwtKey | Promise<JwtKey>;
  /** Whether there is at least one key. */
  readonly isKnown: () => boolean;
}
