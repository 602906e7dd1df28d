import type { EventMeaning } from '../event.ts';

/** Events about callers: who they are, what they may do, and how many calls they may send. */
export const callerEvents = {
  'api_keys.copy_unusable': {
    levels: ['warn'],
    meaning:
      'The API keys in STATE_DIR are damaged, or their last change was not written before the last stop. The router does not use them. Until Redis answers, it has no API keys.',
    remedy:
      'Check Redis and STATE_DIR. The field `file` names the file at fault. After the next successful read of Redis, the router writes the files again.',
  },
  'api_keys.entry_ignored': {
    levels: ['warn'],
    meaning: 'A stored API key entry is invalid. The router ignores this entry and refuses callers with this key.',
    remedy:
      'Create the key again with turnctl keys create, or correct the entry. The field `detail` describes the fault.',
  },
  'api_keys.loaded': {
    levels: ['info'],
    meaning: 'The router has read the API keys. The field `rejected` is the number of invalid entries.',
    remedy: 'None.',
  },
  'api_keys.loss_unreported': {
    levels: ['warn'],
    meaning:
      'The router cannot write to Redis that it still holds the lost API keys. So turnctl keys create may replace them without a warning.',
    remedy:
      'Restore the keys with turnctl keys import. Give the Redis user of the routers the permissions that npm run redis-acl prints.',
  },
  'api_keys.missing': {
    levels: ['error'],
    meaning: 'All API keys have disappeared from Redis at once. The router keeps using the keys that it read before.',
    remedy:
      'Restore the keys with turnctl keys import, from api-keys.json in STATE_DIR or from a backup. Find out what emptied Redis.',
  },
  'api_keys.readable': {
    levels: ['info'],
    meaning: 'The router can read the API keys again.',
    remedy: 'None.',
  },
  'api_keys.restriction_kept': {
    levels: ['error'],
    meaning:
      'A changed API_KEYS_FILE lacks restrictions of keys, and may be cut. These keys keep the restrictions. All other changes are in force. The field `keys` lists up to 20 keys with the missing fields.',
    remedy:
      'Write the file again in whole. To drop the restrictions on purpose, end the file with the line `...`, or write it as JSON.',
  },
  'api_keys.returned': {
    levels: ['info'],
    meaning: 'Redis has API keys again after it had lost all of them. The router uses the keys in Redis.',
    remedy: 'None.',
  },
  'api_keys.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the API keys to STATE_DIR. If it restarts while Redis is unreachable, it has only an older copy of the keys, or none.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'api_keys.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot read the API keys. It keeps the last known keys and retries. New keys and revoked keys take effect only after a successful read.',
    remedy: 'Check Redis, or the file that API_KEYS_FILE names. The field `reason` has the error.',
  },
  'client_address.header_missing': {
    levels: ['warn'],
    meaning:
      'A trusted proxy sends no header of the name CLIENT_ADDRESS_HEADER, but another header with the address of the caller. The router does not believe it, and takes the address of the proxy as the client address. It logs this once.',
    remedy:
      'Set CLIENT_ADDRESS_HEADER to the header that your proxy sets, or let the proxy send the header in the field `expected`. The field `seen` names the other header. Before you choose it, check that the proxy overwrites it.',
  },
  'client_address.header_unreadable': {
    levels: ['warn'],
    meaning:
      'The header of the name CLIENT_ADDRESS_HEADER does not hold exactly one address where the proxy writes it. The router takes the address of the proxy as the client address. It logs this once.',
    remedy:
      'Let the proxy write the address of the caller. If the header lists several addresses, use x-forwarded-for or forwarded instead.',
  },
  'client_address.peer_untrusted': {
    levels: ['warn'],
    meaning:
      'A peer that TRUSTED_PROXIES does not contain sends a header with the address of a caller. The router does not believe it, and takes the address of the peer as the client address. It logs this once.',
    remedy:
      'If the peer is your proxy, add its address to TRUSTED_PROXIES. The field `network` has the network of the peer. If it is a caller, nothing is to be done.',
  },
  'client_address.proxy_protocol': {
    levels: ['warn'],
    meaning:
      'A connection begins with a PROXY protocol header. The router does not read this protocol, and answers such connections with 400. It logs this once.',
    remedy:
      'Turn PROXY protocol off at the proxy. Let the proxy send the client address in the header that CLIENT_ADDRESS_HEADER names.',
  },
  'jwks.copy_unusable': {
    levels: ['warn'],
    meaning:
      'The issuer’s public keys in STATE_DIR are damaged, or their last change was not written before the last stop. The router does not use them. Until the issuer answers, it has no keys.',
    remedy:
      'Check the JWKS URL and STATE_DIR. The field `file` names the file at fault. After the next successful fetch, the router writes the files again.',
  },
  'jwks.keys_ignored': {
    levels: ['warn'],
    meaning:
      'The JWKS has keys that the router cannot use, because they are broken, weak or secret. The other keys stay valid. The router refuses tokens that an ignored key has signed.',
    remedy:
      'The field `reasons` has the causes. Tell the operator of the issuer. RSA keys need at least 2048 bits, and a JWKS must contain no secret keys.',
  },
  'jwks.loaded': {
    levels: ['info'],
    meaning: 'The router has fetched the issuer’s public keys, after a failure or because they changed.',
    remedy: 'None.',
  },
  'jwks.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the issuer’s public keys to STATE_DIR. If it restarts while the issuer is unreachable, it has only an older copy of the keys, or none.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'jwks.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot fetch the issuer’s public keys. It keeps the last known keys and retries. It refuses tokens that are signed with a new key.',
    remedy: 'Check that JWKS_URL is reachable from the router. The field `reason` has the error.',
  },
  'limits.anonymous_unlimited': {
    levels: ['warn'],
    meaning:
      'Anonymous callers are allowed, and the policy sets no rate limit for them. A single address can use up the relays.',
    remedy: 'Set limits.anonymousPerAddressPerMinute in the policy.',
  },
  'limits.caller_refused': {
    levels: ['warn'],
    meaning:
      'The router has refused a caller that exceeded a rate limit. For one minute, further refusals of this caller by the same limit are not logged.',
    remedy:
      'None for a single caller. If legitimate callers are refused, raise the limit in the policy or on the API key.',
  },
  'limits.shared': {
    levels: ['info'],
    meaning:
      'All routers count calls together again, or the place where they do so has changed. The field `keeper` says where the counts are: `registry` (Redis), or `router` (the memory of one router).',
    remedy: 'None.',
  },
  'limits.unshared': {
    levels: ['warn'],
    meaning:
      'The routers can no longer count calls together. Each router allows only its share of every rate limit: the limit divided by the number of routers.',
    remedy:
      'Check Redis. The field `reason` has the error. Set PEERS so that routers also count together while Redis is unreachable.',
  },
  'peers.answering': {
    levels: ['info'],
    meaning: 'All routers of PEERS answer again.',
    remedy: 'None.',
  },
  'peers.listening': {
    levels: ['info'],
    meaning: 'The router accepts connections from other routers on its peer listener.',
    remedy: 'None.',
  },
  'peers.silent': {
    levels: ['warn'],
    meaning:
      'Some routers of PEERS do not answer. If Redis becomes unreachable, the routers may be unable to count calls together.',
    remedy:
      'Check that the addresses in PEERS are reachable. Check that all routers have the same PEER_SECRET. The field `reason` has one of the errors.',
  },
  'request.answered': {
    levels: ['info'],
    meaning:
      'The router has answered a request. Answers with an error status below 500 are also logged as this event, except 429.',
    remedy: 'None.',
  },
  'request.failed': {
    levels: ['error'],
    meaning: 'A request has failed because of an unexpected error. The caller got a 500.',
    remedy: 'Report the error to the maintainers. The field `err` has the error with its stack.',
  },
  'request.refused': {
    levels: ['warn', 'debug'],
    meaning: 'The router has refused a request. The log level is warn for a status of 500 or above, and debug for 429.',
    remedy: 'Read the fields `code` and `cause`. For 429, see limits.caller_refused.',
  },
  'revocations.caller_refused': {
    levels: ['warn'],
    meaning:
      'The router has refused a revoked caller. For one minute, further refusals of this subject are not logged.',
    remedy: 'None. If the revocation was a mistake, lift it with turnctl.',
  },
  'revocations.complete': {
    levels: ['info'],
    meaning: 'The list of revocations is complete again. The router answers callers.',
    remedy: 'None.',
  },
  'revocations.entry_ignored': {
    levels: ['warn'],
    meaning: 'A stored revocation is invalid. The router ignores this revocation and does not refuse its subject.',
    remedy: 'Revoke the subject again with turnctl revoke. The field `detail` describes the fault.',
  },
  'revocations.incomplete': {
    levels: ['error'],
    meaning:
      'The revocations in STATE_DIR are damaged, older than those in memory, or lack a revocation that this or another router could not write. Redis has not answered either. The router refuses all callers with 503 `revocations_unknown`, so that no revoked caller is let in. The field `directory` is STATE_DIR. The field `file` names the file at fault.',
    remedy:
      'If the field `fault` is `no_permission`, make the user of the router the owner of the file. Else make Redis reachable. Without Redis, follow “If the list of revocations is incomplete” in apps/router/docs/revocation.md.',
  },
  'revocations.loaded': {
    levels: ['info'],
    meaning: 'The router has read the revocations. The field `rejected` is the number of invalid entries.',
    remedy: 'None.',
  },
  'revocations.loss_unreported': {
    levels: ['warn'],
    meaning:
      'The router cannot write to Redis that it still holds the lost revocations. So turnctl revoke may replace them without a warning.',
    remedy:
      'Restore the revocations with turnctl revoke import. Give the Redis user of the routers the permissions that npm run redis-acl prints.',
  },
  'revocations.missing': {
    levels: ['error'],
    meaning:
      'All revocations have disappeared from Redis at once. The router keeps using the revocations that it read before.',
    remedy:
      'Restore the revocations with turnctl revoke import, from revocations.json in STATE_DIR or from a backup. Find out what emptied Redis.',
  },
  'revocations.readable': {
    levels: ['info'],
    meaning: 'The router can read the revocations again.',
    remedy: 'None.',
  },
  'revocations.returned': {
    levels: ['info'],
    meaning: 'Redis has revocations again after it had lost all of them. The router uses the revocations in Redis.',
    remedy: 'None.',
  },
  'revocations.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the revocations to STATE_DIR. If it restarts while Redis is unreachable, it has only an older copy, or none.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'revocations.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot read the revocations. It keeps the last known revocations and retries. New revocations take effect only after a successful read.',
    remedy: 'Check Redis. The field `reason` has the error.',
  },
} as const satisfies Record<string, EventMeaning>;
