import type { JWK } from 'jose';

/** The accepted ways of authentication, at least one. */
export type AuthConfig = {
  readonly anonymous: boolean;
  /** Undefined: API keys are not accepted. If `file` is undefined, the keys are in Redis. */
  readonly apiKeys: { readonly file: string | undefined } | undefined;
  /** Undefined: JWTs are not accepted. */
  readonly jwt: JwtConfig | undefined;
};

export type JwtConfig = {
  /** Undefined: the key is in `AuthSecrets`. */
  readonly jwksUrl: string | undefined;
  readonly algorithms: readonly string[];
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
};

export type AuthSecrets = {
  /** The Redis with API keys; undefined: the registry is embedded. */
  readonly redisUrl: string | undefined;
  /** Keys that check JWTs if there is no JWKS. Exactly one of these two is set. */
  readonly jwtPublicKeys: readonly JWK[] | undefined;
  readonly jwtSecret: string | undefined;
};
