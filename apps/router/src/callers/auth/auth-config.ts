import type { JWK } from 'jose';

/** Who may ask; at least one way is open. */
export type AuthConfig = {
  readonly anonymous: boolean;
  /** Undefined: no API keys. `file` undefined: they are in Redis. */
  readonly apiKeys: { readonly file: string | undefined } | undefined;
  /** Undefined: no JWTs. */
  readonly jwt: JwtConfig | undefined;
};

export type JwtConfig = {
  /** Undefined: the secrets hold the issuer's key. */
  readonly jwksUrl: string | undefined;
  readonly algorithms: readonly string[];
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
};

export type AuthSecrets = {
  /** Where API keys are; undefined: the registry is embedded. */
  readonly redisUrl: string | undefined;
  /** By which JWTs are checked where no JWKS says it: one of the two. */
  readonly jwtPublicKeys: readonly JWK[] | undefined;
  readonly jwtSecret: string | undefined;
};
