import type { EventMeaning } from './event.ts';

/** All events in the log of the router. The meaning of a released name never changes. */
export const routerEvents = {
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
  'api_keys.missing': {
    levels: ['error'],
    meaning: 'All API keys have disappeared from Redis at once. The router keeps using the keys that it read before.',
    remedy: 'Restore the keys in Redis, or create them again with turnctl keys create. Find out what emptied Redis.',
  },
  'api_keys.readable': {
    levels: ['info'],
    meaning: 'The router can read the API keys again.',
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
  'audit.entry_dropped': {
    levels: ['error'],
    meaning:
      'Too many audit entries were waiting, so the router has dropped one. This log line is the only copy of that entry.',
    remedy: 'Make the audit log writable again. Keep this log line if you need the entry.',
  },
  'audit.entry_written': {
    levels: ['info'],
    meaning: 'The router has written an entry to the audit log.',
    remedy: 'None.',
  },
  'audit.not_durable': {
    levels: ['info'],
    meaning:
      'Neither REDIS_URL nor STATE_DIR is set, so the audit log is only in memory. After a restart, its entries exist only as log lines.',
    remedy: 'If you need the audit log after a restart, set REDIS_URL or STATE_DIR.',
  },
  'audit.unwritable': {
    levels: ['warn'],
    meaning:
      'The router cannot write the audit log. New entries wait in memory until it is writable again. If too many entries wait, the router drops the oldest.',
    remedy: 'Check Redis, or check that STATE_DIR has free space and is writable. The field `reason` has the error.',
  },
  'audit.writable': {
    levels: ['info'],
    meaning: 'The router can write the audit log again.',
    remedy: 'None.',
  },
  'geoip.refused': {
    levels: ['error'],
    meaning: 'A changed GeoIP file is unusable. The router keeps using the previous file.',
    remedy: 'Replace the file with an intact one. The field `faults` lists each problem.',
  },
  'geoip.reloaded': {
    levels: ['info'],
    meaning: 'A GeoIP file has changed, and the router now uses the new content.',
    remedy: 'None.',
  },
  'geoip.verdict_ignored': {
    levels: ['info'],
    meaning:
      'The stored result of a GeoIP file check is damaged, or was made by another version of the check. The router checks the file again.',
    remedy: 'None.',
  },
  'geoip.verdict_not_kept': {
    levels: ['info'],
    meaning:
      'The router cannot store the results of its GeoIP file checks. The next start checks the files again, which takes some seconds.',
    remedy: 'If starts should be faster, set STATE_DIR to a writable directory.',
  },
  'geoip.verifying': {
    levels: ['info'],
    meaning:
      'The router reads a whole GeoIP file to check that it is intact. This takes some seconds and happens once per file.',
    remedy: 'None.',
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
      'All routers count calls together again, or they do so in another place. The field `keeper` names the place: `registry`, or `router` for the memory of one router.',
    remedy: 'None.',
  },
  'limits.unshared': {
    levels: ['warn'],
    meaning: 'The routers can no longer count calls together. Each router enforces only a part of every rate limit.',
    remedy:
      'Check Redis. The field `reason` has the error. Set PEERS so that routers also count together while Redis is unreachable.',
  },
  'node.implausible': {
    levels: ['warn'],
    meaning:
      'The figures that a node reports contradict each other. The router assumes the average load of the region for this node.',
    remedy:
      'Check the health-reporter of the node. The field `reason` has the cause. `unmoved`: the figures do not change although the node gets calls. `beyond_capacity`: the reported capacity or the reported bandwidth is wrong.',
  },
  'node.plausible': {
    levels: ['info'],
    meaning: 'The reports of a node are plausible again, or the node is gone.',
    remedy: 'None.',
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
  'policy.applied': {
    levels: ['info'],
    meaning: 'The router has loaded a changed policy and uses it now.',
    remedy: 'None.',
  },
  'policy.copy_damaged': {
    levels: ['warn'],
    meaning:
      'The stored copy of the policy in STATE_DIR is damaged. The router has renamed it to policy-in-force.json.damaged and does not use it.',
    remedy: 'Check the disk of STATE_DIR. The router stores a new copy as soon as it has a valid policy.',
  },
  'policy.in_force': {
    levels: ['info'],
    meaning: 'The router has started with the policy file. The field `sha256` is the hash of the policy.',
    remedy: 'None.',
  },
  'policy.kept_in_force': {
    levels: ['error'],
    meaning:
      'At the start, the policy file is unusable or drops protection. The router uses the last good policy, which it has stored in STATE_DIR.',
    remedy:
      'Correct the policy file. The field `faults` lists each fault. If the policy is meant to drop protection, set allowWeaker to the value in `faults`.',
  },
  'policy.refused': {
    levels: ['error'],
    meaning:
      'A changed policy is invalid or unreadable, or it drops residency or a limit. The router keeps using the previous policy.',
    remedy:
      'Correct the policy. The field `faults` lists each fault. If the policy is meant to drop protection, set allowWeaker to the value in `faults`.',
  },
  'policy.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the policy to STATE_DIR. It tries again. If it restarts before that, its copy of the policy is older, or there is none.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'registry.node_contested': {
    levels: ['warn'],
    meaning: 'Two health-reporters use the same node id. Each of them overwrites the reports of the other.',
    remedy: 'Give each health-reporter its own NODE_ID.',
  },
  'registry.nodes_dropped': {
    levels: ['warn', 'debug'],
    meaning:
      'The reports of some nodes disappeared from the registry, and these nodes do not answer STUN. The router sends no more callers to them.',
    remedy: 'Check these nodes, and their health-reporters.',
  },
  'registry.nodes_kept': {
    levels: ['warn', 'debug'],
    meaning:
      'The reports of some nodes disappeared from the registry, but these nodes answer STUN. The router keeps using them at half weight.',
    remedy: 'Check whether the registry has lost data. Check the health-reporters of these nodes.',
  },
  'registry.nodes_vanished': {
    levels: ['warn', 'debug'],
    meaning:
      'The reports of several nodes disappeared from the registry together. Before the router drops a node, it checks by STUN whether the node still answers.',
    remedy: 'Check whether the registry has lost data. The next event lists the nodes that the router keeps or drops.',
  },
  'registry.reachable': {
    levels: ['info'],
    meaning: 'The router can read the registry again.',
    remedy: 'None.',
  },
  'registry.record_ignored': {
    levels: ['warn'],
    meaning: 'A record in the registry is not a valid node report. The router ignores it.',
    remedy: 'Find the program that writes this record, and correct or stop it. The field `detail` describes the fault.',
  },
  'registry.silent_nodes_kept': {
    levels: ['warn', 'debug'],
    meaning:
      'The reports of some nodes disappeared from the registry, and none of these nodes answers STUN. The router keeps using the nodes at half weight, because the registry itself has failed.',
    remedy: 'Check whether the registry has lost data. Check whether the router can reach the nodes over UDP.',
  },
  'registry.trust_changed': {
    levels: ['info', 'warn'],
    meaning:
      'The trust level of the registry data has changed. The trust levels are, best first: `fresh`, `last_known`, `static` and `none`. The log level is warn after a change for the worse, and info otherwise.',
    remedy:
      'If the trust level got worse, check the registry and the nodes. At the level `none`, every caller gets a 503.',
  },
  'registry.unreachable': {
    levels: ['warn'],
    meaning: 'The router cannot read the registry. It serves the last known snapshot and retries.',
    remedy: 'Check Redis and the network to it. The field `reason` has the error.',
  },
  'replicas.counted': {
    levels: ['info'],
    meaning: 'The router can count the replicas again.',
    remedy: 'None.',
  },
  'replicas.uncounted': {
    levels: ['warn'],
    meaning: 'The router cannot count the replicas that share the registry. It keeps the last count.',
    remedy: 'Check Redis. The field `reason` has the error.',
  },
  'request.answered': {
    levels: ['info'],
    meaning:
      'The router has answered a request. Expected errors with a status below 500 also have this event, except 429.',
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
  'revocations.entry_ignored': {
    levels: ['warn'],
    meaning: 'A stored revocation is invalid. The router ignores this revocation and does not refuse its subject.',
    remedy: 'Revoke the subject again with turnctl revoke. The field `detail` describes the fault.',
  },
  'revocations.loaded': {
    levels: ['info'],
    meaning: 'The router has read the revocations. The field `rejected` is the number of invalid entries.',
    remedy: 'None.',
  },
  'revocations.missing': {
    levels: ['error'],
    meaning:
      'All revocations have disappeared from Redis at once. The router keeps using the revocations that it read before.',
    remedy: 'Restore the revocations in Redis, or revoke the subjects again. Find out what emptied Redis.',
  },
  'revocations.readable': {
    levels: ['info'],
    meaning: 'The router can read the revocations again.',
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
  'router.listening': {
    levels: ['info'],
    meaning: 'The router accepts requests. If it has several workers, all of them accept requests.',
    remedy: 'None.',
  },
  'router.stop_forced': {
    levels: ['error'],
    meaning:
      'The router exits before it has stopped cleanly, because it got a second signal or stopping took too long. Requests in progress are cut off.',
    remedy: 'After a second signal: none. Otherwise find out which requests take so long.',
  },
  'router.stopping': {
    levels: ['info'],
    meaning: 'The router stops. It finishes the requests in progress and then exits.',
    remedy: 'None.',
  },
  'snapshot.restored': {
    levels: ['info'],
    meaning:
      'The router has read the last snapshot of a registry from STATE_DIR. It serves this snapshot until the registry answers.',
    remedy: 'None.',
  },
  'snapshot.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the snapshot of a registry to STATE_DIR. If it restarts while the registry is unreachable, it has only an older snapshot, or none.',
    remedy: 'Check that STATE_DIR has free space and is writable. The field `detail` has the error.',
  },
  'snapshot.saved': {
    levels: ['info'],
    meaning: 'The router can write the snapshot to STATE_DIR again.',
    remedy: 'None.',
  },
  'snapshot.unusable': {
    levels: ['warn'],
    meaning:
      'The snapshot in STATE_DIR is unusable, and the router ignores it. Until the registry answers, the router has no nodes of this registry.',
    remedy:
      'If the registry is unreachable, check STATE_DIR. The router replaces the snapshot after its next successful read of the registry.',
  },
  'spill.ended': {
    levels: ['info'],
    meaning: 'A region no longer sends new calls to the other region.',
    remedy: 'None.',
  },
  'spill.started': {
    levels: ['info'],
    meaning:
      'A heavily loaded region sends a part of its new calls to another region. The field `share` is this part, 0 to 1.',
    remedy: 'None if this ends soon. If it happens often, add capacity to the region.',
  },
  'worker.ended': {
    levels: ['warn'],
    meaning: 'A worker process has ended unexpectedly. The primary starts a replacement.',
    remedy: 'If this repeats, find the cause in the fields `code`, `signal` and `err`.',
  },
  'worker.replaced': {
    levels: ['info'],
    meaning: 'The new worker process, which replaces an ended one, accepts requests.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;

export type RouterEvent = keyof typeof routerEvents;
