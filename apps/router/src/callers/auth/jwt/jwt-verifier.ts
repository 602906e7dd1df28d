import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { ProblemError } from '../../../problem-error.ts';
import { invalidToken, tokenExpired } from '../auth-problems.ts';
import type { Caller } from '../caller.ts';
import { callerFromClaims } from './caller-from-claims.ts';
import { acceptedNames } from './jwt-algorithms.ts';
import type { JwtKeys } from './jwt-keys.ts';

/** Tolerated difference between the clocks of the issuer and of this router, seconds. */
const leewaySeconds = 30;

/** What the router requires of the tokens of one issuer. */
export type IssuerRules = {
  /** Sets the users of this issuer apart from those of other issuers. Undefined: the one issuer whose users have no issuer in their names. */
  readonly name?: string | undefined;
  /** Accepted values of `iss`, because one issuer may have several spellings or host names. Undefined: any. */
  readonly issuer: readonly string[] | undefined;
  /** Accepted signature algorithms, whatever the token's header says (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  /** Accepted audiences: a token must name one of them. If undefined, only tokens without an audience are valid (RFC 7519 §4.1.3). */
  readonly audience: readonly string[] | undefined;
  /** Claims that may hold the audience. The first one that the token has counts. */
  readonly audienceClaim: readonly string[];
  /** The claim that names the user. */
  readonly userClaim: string;
};

export type TrustedIssuer = IssuerRules & { readonly keys: JwtKeys };

/** @throws ProblemError `invalid_token`, `token_expired` or `auth_unavailable` */
export type VerifyJwt = (token: string) => Promise<Caller>;

/**
 * Creates a function that checks signature, `exp`, `nbf`, `iss` and `aud` (RFC 7519), and returns the caller. It fetches keys only if no known key
 * has signed the token. The length of a token is bounded by the limit for the head of a request.
 *
 * @param issuers at least one. A token is checked only with the keys and rules of the issuer that it names
 * @param nowMs Unix time, ms. The expiry of tokens is a Unix time
 */
export function createJwtVerifier(issuers: readonly TrustedIssuer[], nowMs: () => number): VerifyJwt {
  const chooseIssuer = createIssuerChoice(issuers);
  return async (token) => {
    try {
      const issuer = chooseIssuer(token);
      const claims = await verify(token, issuer, nowMs());
      assertAudience(claims, issuer);
      return callerFromClaims(claims, issuer);
    } catch (error) {
      throw problemFrom(error);
    }
  };
}

/** Creates a function that finds the issuer by the claim `iss`. The claim is not proven yet: it only says which keys must prove it. */
function createIssuerChoice(issuers: readonly TrustedIssuer[]): (token: string) => TrustedIssuer {
  const byClaim = new Map<unknown, TrustedIssuer>();
  for (const each of issuers) for (const spelling of each.issuer ?? []) byClaim.set(spelling, each);
  const ofAnyClaim = issuers.length === 1 ? issuers[0] : issuers.find(({ issuer }) => issuer === undefined);
  return (token) => {
    const issuer = (byClaim.size === 0 ? undefined : byClaim.get(decodeJwt(token).iss)) ?? ofAnyClaim;
    if (issuer === undefined) throw invalidToken(unexpected('iss'));
    return issuer;
  };
}

async function verify(token: string, issuer: TrustedIssuer, nowMs: number): Promise<JWTPayload> {
  const header = decodeProtectedHeader(token);
  const algorithms = acceptedNames(issuer.algorithms);
  const { alg } = header;
  if (alg === undefined || !algorithms.includes(alg)) throw new errors.JOSEAlgNotAllowed();
  const options: JWTVerifyOptions = {
    algorithms: [...algorithms],
    clockTolerance: leewaySeconds,
    requiredClaims: ['exp', issuer.userClaim],
    currentDate: new Date(nowMs),
    ...(issuer.issuer === undefined ? {} : { issuer: [...issuer.issuer] }),
  };
  let tried = 0;
  for await (const key of issuer.keys.candidatesFor({ ...header, alg })) {
    tried += 1;
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      // Any other error is about this key, so another key may still fit.
      if (tokenErrors.some((TokenError) => error instanceof TokenError)) throw error;
    }
  }
  throw tried === 0 ? new errors.JWKSNoMatchingKey() : new errors.JWSSignatureVerificationFailed();
}

/** Errors about the token itself. No other key can change them. */
const tokenErrors = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

function assertAudience(claims: JWTPayload, { audience, audienceClaim }: IssuerRules): void {
  if (audience === undefined) {
    if (claims.aud !== undefined) throw invalidToken('its claim "aud" is not as expected');
    return;
  }
  const claim = audienceClaim.find((name) => claims[name] !== undefined) ?? audienceClaim[0] ?? 'aud';
  const named: unknown[] = [claims[claim]].flat();
  if (!audience.some((accepted) => named.includes(accepted))) throw invalidToken(unexpected(claim));
}

function unexpected(claim: string): string {
  return `its claim ${JSON.stringify(claim)} is missing or has an unexpected value`;
}

/** Turns any error into a problem. jose throws its own errors, and also a TypeError for a text that is no token. The cause is logged. */
function problemFrom(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof errors.JWTExpired) return tokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed) return invalidToken(unexpected(error.claim), error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalidToken('its signature is wrong', error);
  if (error instanceof errors.JWKSNoMatchingKey) return invalidToken('it is signed with an unknown key', error);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalidToken('its signature algorithm is not accepted', error);
  return invalidToken('expected a signed JWT', error);
}
