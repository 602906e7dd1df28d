import type { JWK, JWTHeaderParameters } from 'jose';

/** A key with which jose checks a signature. */
export type JwtKey = JWK | Uint8Array;

/** The keys that check the signatures of tokens. */
export interface JwtKeys {
  /**
   * Yields the keys that may have signed a token, the likeliest first. If none of them has signed it, the next step may wait for newer keys.
   *
   * @throws ProblemError `auth_unavailable` if the keys are at fault, or `invalid_token`
   */
  readonly candidatesFor: (header: JWTHeaderParameters) => Iterable<JwtKey> | AsyncIterable<JwtKey>;
  /** Whether there is at least one key. */
  readonly isKnown: () => boolean;
}
