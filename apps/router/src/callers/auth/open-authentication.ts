import type { World } from '../../world.ts';
import { followApiKeys, type ApiKeysParts, type ApiKeysPlace } from './api-keys/follow-api-keys.ts';
import type { AuthConfig, AuthSecrets } from './auth-config.ts';
import { createAuthenticator, type Authenticate } from './authenticate.ts';
import { followJwks } from './jwt/follow-jwks.ts';
import type { JwtKeys } from './jwt/jwt-keys.ts';
import { createJwtVerifier } from './jwt/jwt-verifier.ts';
import { sharedJwtSecret, staticJwtKeys } from './jwt/static-jwt-keys.ts';

/** How this router knows its callers. */
export interface Authentication extends AsyncDisposable {
  readonly authenticate: Authenticate;
  /** Whether some API key names this origin: its pages may then ask whether they may ask. */
  readonly isOriginOfKey: (origin: string) => boolean;
  /** Whether callers can be known in at least one of the ways that are open. */
  readonly isReady: () => boolean;
}

/**
 * Opens every way that the settings name, and waits for one try at what has to be read.
 *
 * @throws RegistryError when API_KEYS_FILE cannot be read
 */
export async function openAuthentication(
  { anonymous, apiKeys: place, jwt }: AuthConfig,
  secrets: AuthSecrets,
  state: Pick<ApiKeysPlace, 'stateDir' | 'writesState'>,
  parts: ApiKeysParts & Pick<World, 'nowMs'>,
): Promise<Authentication> {
  // The one that may throw comes first, with nothing to close yet.
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
