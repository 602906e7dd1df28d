import type { JWK } from 'jose';
import type { IssuerRules } from './jwt/jwt-verifier.ts';

/** The accepted ways of authentication, at least one. */
export type AuthConfig = {
  readonly anonymous: boolean;
  /** Undefined: API keys are not accepted. If `file` is undefined, the keys are in Redis. */
  readonly apiKeys: { readonly file: string | undefined } | undefined;
  /** The issuers of accepted JWTs; empty: JWTs are not accepted. */
  readonly issuers: readonly IssuerConfig[];
};

/** If `jwksUrl` and `publicKeys` are undefined, the key is in `AuthSecrets`. */
export type IssuerConfig = IssuerRules & {
  readonly jwksUrl: string | undefined;
  readonly publicKeys?: readonly JWK[] | undefined;
};

export type AuthSecrets = {
  /** The Redis with API keys; undefined: the registry is embedded. */
  readonly redisUrl: string | undefined;
  /** Keys that check JWTs if there is no JWKS. At most one of these two is set. */
  readonly jwtPublicKeys: readonly JWK[] | undefined;
  readonly jwtSecret: string | undefined;
};
