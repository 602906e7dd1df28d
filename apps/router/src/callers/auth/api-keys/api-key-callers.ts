import type { ApiKeyRecord } from '@turn-router/contract/registry';
import { apiKeyId, hashApiKey, isAmongHashes } from '@turn-router/turn-credentials';
import { createOriginSet } from '../../origins.ts';
import type { World } from '../../../world.ts';
import { authUnavailable, invalidToken, keyExpired } from '../auth-problems.ts';
import type { Caller, CallerLimits } from '../caller.ts';

/** Authenticates callers by the API keys that were read last. */
export interface ApiKeyCallers {
  /** @throws ProblemError `invalid_token`, `token_expired`, or `auth_unavailable` if no keys were ever read */
  readonly callerWithKey: (key: string) => Caller;
  /** Whether any key allows this origin. Pages of this origin may then send CORS preflights. */
  readonly hasOrigin: (origin: string) => boolean;
  /** Whether keys have been read at least once. */
  readonly isKnown: () => boolean;
  /** Replaces the keys before the next request. */
  readonly use: (keys: ReadonlyMap<string, ApiKeyRecord>) => void;
}

type KnownKey = {
  readonly hashes: readonly Buffer[];
  /** Unix time, ms. */
  readonly expiresAtMs: number;
  readonly caller: Caller;
};

/** Compared with the received key if the id is unknown, so that the response time does not reveal which ids exist. */
const unknownKey: KnownKey = {
  hashes: [Buffer.alloc(32)],
  expiresAtMs: Infinity,
  caller: { kind: 'anonymous', scope: {} },
};

export function createApiKeyCallers({ nowMs }: Pick<World, 'nowMs'>): ApiKeyCallers {
  let known: ReadonlyMap<string, KnownKey> | undefined;
  let origins = createOriginSet([]);
  return {
    callerWithKey(key) {
      if (known === undefined) throw authUnavailable('API keys have not been read yet');
      const id = apiKeyId(key);
      if (id === undefined) throw invalidToken('expected a complete API key such as tr_<id>_<secret>');
      const found = known.get(id);
      const isRight = isAmongHashes(hashApiKey(key), (found ?? unknownKey).hashes);
      // Both cases get the same problem, so that the response does not reveal which ids exist.
      if (found === undefined || !isRight) throw invalidToken('the API key is unknown or revoked');
      if (nowMs() >= found.expiresAtMs) throw keyExpired();
      return found.caller;
    },
    hasOrigin: (origin) => origins.has(origin),
    isKnown: () => known !== undefined,
    use(keys) {
      known = new Map([...keys].map(([id, record]) => [id, knownKey(id, record)]));
      origins = createOriginSet([...keys.values()].flatMap((record) => record.origins ?? []));
    },
  };
}

function knownKey(keyId: string, record: ApiKeyRecord): KnownKey {
  return {
    hashes: record.secrets.map(({ sha256 }) => Buffer.from(sha256, 'hex')),
    expiresAtMs: record.expires_at === undefined ? Infinity : Date.parse(record.expires_at),
    caller: {
      kind: 'api-key',
      keyId,
      scope: {
        origins: record.origins && createOriginSet(record.origins),
        regions: record.regions && new Set(record.regions),
        minTtlSeconds: record.min_ttl_seconds,
        maxTtlSeconds: record.max_ttl_seconds,
        limits: limitsOf(record),
        countsAsAnonymous: record.anonymous_callers,
      },
    },
  };
}

function limitsOf(record: ApiKeyRecord): CallerLimits {
  return {
    perKeyPerMinute: record.per_key_per_minute,
    perUserPerMinute: record.per_user_per_minute,
    perAddressPerMinute: record.per_address_per_minute,
  };
}
