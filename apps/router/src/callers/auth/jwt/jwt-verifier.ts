import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { ProblemError } from '../../../problem-error.ts';
import { invalidToken, tokenExpired } from '../auth-problems.ts';
import type { Caller } from '../caller.ts';
import { callerFromClaims } from './caller-from-claims.ts';
import type { JwtKeys } from './jwt-keys.ts';

/** Longer tokens are not looked at, characters. */
export const tokenMaxLength = 8_192;

/** How far the issuer's clock and ours may be apart, seconds. */
const leewaySeconds = 30;

export type JwtVerifierParts = {
  readonly keys: JwtKeys;
  /** The only ones accepted, whatever a token says of itself (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  /** Undefined: any. */
  readonly issuer: string | undefined;
  /** One of them must be the token's; undefined: only tokens that name none (RFC 7519 §4.1.3). */
  readonly audience: readonly string[] | undefined;
  /** Unix time, ms: the issuer's clock says when a token ends. */
  readonly nowMs: () => number;
};

/** @throws ProblemError `invalid_token`, `token_expired` or `auth_unavailable` */
export type VerifyJwt = (token: string) => Promise<Caller>;

/** Checks signature, `exp`, `nbf`, `iss` and `aud` (RFC 7519), and reads the caller. From memory alone, but for a key that is not known yet. */
export function createJwtVerifier({ keys, algorithms, issuer, audience, nowMs }: JwtVerifierParts): VerifyJwt {
  const options = {
    algorithms: [...algorithms],
    clockTolerance: leewaySeconds,
    requiredClaims: ['exp', 'sub'],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience: [...audience] }),
  };
  return async (token) => {
    if (token.length > tokenMaxLength) throw invalidToken(`expected at most ${tokenMaxLength} characters`);
    let claims;
    try {
      claims = await verifySignature(token, keys, { ...options, currentDate: new Date(nowMs()) });
    } catch (error) {
      throw problemFrom(error);
    }
    if (audience === undefined && claims.aud !== undefined) throw invalidToken('its claim "aud" is not as expected');
    return callerFromClaims(claims);
  };
}

async function verifySignature(token: string, keys: JwtKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, (header) => keys.keyFor(header), options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // A token that does not say which of the keys for its algorithm it is signed by.
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (inner) {
        if (!(inner instanceof errors.JWSSignatureVerificationFailed)) throw inner;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/**
 * Whatever stands in the way of a token makes it invalid: beside its own errors jose throws those of the system, such as for a key of the
 * issuer's that is too weak. The log has the cause.
 */
function problemFrom(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof errors.JWTExpired) return tokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalidToken(`its claim ${JSON.stringify(error.claim)} is missing or not as expected`, error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalidToken('its signature does not fit', error);
  if (error instanceof errors.JWKSNoMatchingKey) return invalidToken('it is signed by a key that is not known', error);
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalidToken('it is signed in a way that is not accepted', error);
  return invalidToken('expected a signed JWT', error);
}
