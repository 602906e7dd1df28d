import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { ProblemError } from '../../../problem-error.ts';
import { invalidToken, tokenExpired } from '../auth-problems.ts';
import type { Caller } from '../caller.ts';
import { callerFromClaims } from './caller-from-claims.ts';
import type { JwtKeys } from './jwt-keys.ts';

/** Maximum length of a token, characters. Longer tokens are refused without a check. */
export const tokenMaxChars = 8_192;

/** Tolerated difference between the clocks of the issuer and of this router, seconds. */
const leewaySeconds = 30;

export type JwtVerifierParts = {
  readonly keys: JwtKeys;
  /** Accepted signature algorithms, whatever the token's header says (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  /** Undefined: any. */
  readonly issuer: string | undefined;
  /** Accepted audiences: a token must name one of them. If undefined, only tokens without an audience are valid (RFC 7519 §4.1.3). */
  readonly audience: readonly string[] | undefined;
  /** Unix time, ms. The expiry of tokens is a Unix time. */
  readonly nowMs: () => number;
};

/** @throws ProblemError `invalid_token`, `token_expired` or `auth_unavailable` */
export type VerifyJwt = (token: string) => Promise<Caller>;

/**
 * Creates a function that checks signature, `exp`, `nbf`, `iss` and `aud` (RFC 7519), and returns the caller. It fetches keys only if the key is
 * unknown.
 */
export function createJwtVerifier({ keys, algorithms, issuer, audience, nowMs }: JwtVerifierParts): VerifyJwt {
  const options = {
    algorithms: [...algorithms],
    clockTolerance: leewaySeconds,
    requiredClaims: ['exp', 'sub'],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience: [...audience] }),
  };
  return async (token) => {
    if (token.length > tokenMaxChars) throw invalidToken(`expected at most ${tokenMaxChars} characters`);
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
    // The token does not name its key. Therefore every key for its algorithm is tried.
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
 * Turns any error into a problem. jose throws its own errors, and also system errors, for example for a weak key of the issuer. The cause is
 * logged.
 */
function problemFrom(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof errors.JWTExpired) return tokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalidToken(`its claim ${JSON.stringify(error.claim)} is missing or has an unexpected value`, error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalidToken('its signature is wrong', error);
  if (error instanceof errors.JWKSNoMatchingKey) return invalidToken('it is signed with an unknown key', error);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalidToken('its signature algorithm is not accepted', error);
  return invalidToken('expected a signed JWT', error);
}
