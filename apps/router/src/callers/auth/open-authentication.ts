import { followApiKeys, type ApiKeysParts, type ApiKeysPlace } from './api-keys/follow-api-keys.ts';
import type { AuthConfig, AuthSecrets } from './auth-config.ts';
import { createAuthenticator, type Authenticate } from './authenticate.ts';
import { followJwks } from './jwt/follow-jwks.ts';
import type { JwtKeys } from './jwt/jwt-keys.ts';
import { createJwtVerifier } from './jwt/jwt-verifier.ts';
import { sharedJwtSecret, staticJwtKeys } from './jwt/static-jwt-keys.ts';

/** Authenticates the callers of this router. */
export interface Authentication extends AsyncDisposable {
  readonly authenticate: Authenticate;
  /** Whether any API key allows this origin. Pages of this origin may then send CORS preflights. */
  readonly isOriginOfKey: (origin: string) => boolean;
  /** Whether at least one accepted way of authentication works. */
  readonly isReady: () => boolean;
}

/**
 * Opens the accepted ways of authentication. Waits for the first read of their keys, whether the read succeeds or fails.
 *
 * @throws RegistryError if API_KEYS_FILE cannot be read
 */
export async function openAuthentication(
  { anonymous, apiKeys: place, jwt }: AuthConfig,
  secrets: AuthSecrets,
  state: Pick<ApiKeysPlace, 'stateDir' | 'writesState'>,
  parts: ApiKeysParts,
): Promise<Authentication> {
  // The API keys are opened first. If this throws, nothing else has to be closed.
  const apiKeys =
    place === undefined ? undefined : await followApiKeys({ ...place, ...state, redisUrls: secrets.redisUrl }, parts);
  const jwks = jwt?.jwksUrl === undefined ? undefined : await followJwks({ url: jwt.jwksUrl, ...state }, parts);
  const jwtKeys = jwks ?? fixedKeys(secrets);
  const verifyJwt =
    jwt === undefined || jwtKeys === undefined
      ? undefined
      : createJwtVerifier({ ...jwt, keys: jwtKeys, nowMs: parts.nowMs });
  return {
    authenticate: createAuthenticator({ anonymous, apiKeys, verifyJwt }),
    isOriginOfKey: (origin) => apiKeys?.hasOrigin(origin) === true,
    isReady: () => anonymous || apiKeys?.isKnown() === true || (verifyJwt !== undefined && jwtKeys?.isKnown() === true),
    async [Symbol.asyncDispose]() {
      await jwks?.[Symbol.asyncDispose]();
      await apiKeys?.[Symbol.asyncDispose]();
    },
  };
}

function fixedKeys({ jwtPublicKeys, jwtSecret }: AuthSecrets): JwtKeys | undefined {
  if (jwtPublicKeys !== undefined) return staticJwtKeys(jwtPublicKeys);
  return jwtSecret === undefined ? undefined : sharedJwtSecret(jwtSecret);
}
