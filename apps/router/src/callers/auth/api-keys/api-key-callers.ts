import type { ApiKeyRecord } from '@turn-router/contract/registry';
import { apiKeyId, hashApiKey, isAmongHashes } from '@turn-router/turn-credentials';
import { authUnavailable, invalidToken } from '../auth-problems.ts';
import type { Caller, CallerLimits } from '../caller.ts';

/** The callers that API keys stand for, as last read. */
export interface ApiKeyCallers {
  /** @throws ProblemError `invalid_token`, or `auth_unavailable` when no keys were ever read */
  readonly callerOf: (key: string) => Caller;
  /** Every origin that some key names: pages there may ask whether they may ask. */
  readonly hasOrigin: (origin: string) => boolean;
  /** Whether keys have been read. */
  readonly isKnown: () => boolean;
  /** From the next request on. */
  readonly use: (keys: ReadonlyMap<string, ApiKeyRecord>) => void;
}

type KnownKey = { readonly hashes: readonly Buffer[]; readonly caller: Caller };

/** As much work as for a key that is known, so that time tells nobody which ids there are. */
const nobody: KnownKey = { hashes: [Buffer.alloc(32)], caller: { kind: 'anonymous', scope: {} } };

export function createApiKeyCallers(): ApiKeyCallers {
  let known: ReadonlyMap<string, KnownKey> | undefined;
  let origins: ReadonlySet<string> = new Set();
  return {
    callerOf(key) {
      if (known === undefined) throw authUnavailable('API keys have not been read yet');
      const id = apiKeyId(key);
      if (id === undefined) throw invalidToken('expected an API key such as tr_<id>_<secret>, whole');
      const found = known.get(id);
      const isRight = isAmongHashes(hashApiKey(key), (found ?? nobody).hashes);
      // Which of the two it is, nobody needs to know.
      if (found === undefined || !isRight) throw invalidToken('the API key is not known, or was revoked');
      return found.caller;
    },
    hasOrigin: (origin) => origins.has(origin),
    isKnown: () => known !== undefined,
    use(keys) {
      known = new Map([...keys].map(([id, record]) => [id, knownKey(id, record)]));
      origins = new Set([...keys.values()].flatMap((record) => record.origins ?? []));
    },
  };
}

function knownKey(keyId: string, record: ApiKeyRecord): KnownKey {
  return {
    hashes: record.secrets.map(({ sha256 }) => Buffer.from(sha256, 'hex')),
    caller: {
      kind: 'api-key',
      keyId,
      scope: {
        origins: record.origins && new Set(record.origins),
        regions: record.regions && new Set(record.regions),
        minTtlSeconds: record.min_ttl_seconds,
        maxTtlSeconds: record.max_ttl_seconds,
        limits: limitsOf(record),
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
