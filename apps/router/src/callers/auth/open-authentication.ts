import type { JWK } from 'jose';
import { followApiKeys, type ApiKeysParts, type ApiKeysPlace } from './api-keys/follow-api-keys.ts';
import type { AuthConfig, AuthSecrets, IssuerConfig } from './auth-config.ts';
import { createAuthenticator, type Authenticate } from './authenticate.ts';
import { followJwks, type JwksParts } from './jwt/follow-jwks.ts';
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
  /** Reads the API keys now. */
  readonly refresh: () => Promise<void>;
}

/**
 * Opens the accepted ways of authentication. Waits for the first read of their keys, whether the read succeeds or fails.
 *
 * @throws RegistryError if API_KEYS_FILE cannot be read
 */
export async function openAuthentication(
  { anonymous, apiKeys: place, issuers }: AuthConfig,
  secrets: AuthSecrets,
  state: Pick<ApiKeysPlace, 'stateDir' | 'writesState'>,
  parts: ApiKeysParts & JwksParts,
): Promise<Authentication> {
  // The API keys are opened first. If this throws, nothing else has to be closed.
  const apiKeys =
    place === undefined ? undefined : await followApiKeys({ ...place, ...state, redisUrls: secrets.redisUrl }, parts);
  const feeds: AsyncDisposable[] = [];
  const keysOf = async ({ name, jwksUrl, publicKeys }: IssuerConfig): Promise<JwtKeys> => {
    if (jwksUrl === undefined) return fixedKeys(publicKeys ?? secrets.jwtPublicKeys, secrets);
    const feed = await followJwks({ url: jwksUrl, name, ...state }, parts);
    feeds.push(feed);
    return feed;
  };
  const trusted = await Promise.all(issuers.map(async (issuer) => ({ ...issuer, keys: await keysOf(issuer) })));
  const verifyJwt = trusted.length === 0 ? undefined : createJwtVerifier(trusted, parts.nowMs);
  return {
    authenticate: createAuthenticator({ anonymous, apiKeys, verifyJwt }),
    isOriginOfKey: (origin) => apiKeys?.hasOrigin(origin) === true,
    isReady: () => anonymous || apiKeys?.isKnown() === true || trusted.some(({ keys }) => keys.isKnown()),
    refresh: async () => apiKeys?.refresh(),
    async [Symbol.asyncDispose]() {
      await Promise.all(feeds.map((feed) => feed[Symbol.asyncDispose]()));
      await apiKeys?.[Symbol.asyncDispose]();
    },
  };
}

function fixedKeys(publicKeys: readonly JWK[] | undefined, { jwtSecret }: AuthSecrets): JwtKeys {
  if (publicKeys !== undefined) return staticJwtKeys(publicKeys);
  if (jwtSecret === undefined) throw new TypeError('an issuer has no keys although the settings were checked');
  return sharedJwtSecret(jwtSecret);
}
