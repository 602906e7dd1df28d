import type { EventMeaning } from './event.ts';

/** Every event in the log of the router. A name that was released never changes its meaning. */
export const routerEvents = {
  'api_keys.entry_ignored': {
    levels: ['warn'],
    meaning: 'An entry among the stored API keys is invalid. The router ignores it; callers with this key are refused.',
    remedy: 'Create the key again with turnctl keys create, or correct the entry that the field detail describes.',
  },
  'api_keys.loaded': {
    levels: ['info'],
    meaning: 'The router has read the API keys. The field rejected counts invalid entries.',
    remedy: 'None.',
  },
  'api_keys.missing': {
    levels: ['error'],
    meaning: 'All API keys have disappeared from Redis at once. The router keeps the last known keys.',
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
      'The router cannot write the API keys to STATE_DIR. A restart while Redis is away would use an older copy, or none.',
    remedy: 'Check free space and permissions of STATE_DIR.',
  },
  'api_keys.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot read the API keys. It keeps the last known keys and retries; new and revoked keys take effect later.',
    remedy: 'Check Redis, or the file of API_KEYS_FILE. The field reason has the error.',
  },
  'audit.entry_dropped': {
    levels: ['error'],
    meaning: 'The router has dropped an audit entry because too many were waiting. The entry is only in this log line.',
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
      'Neither REDIS_URL nor STATE_DIR is set. The audit log is in memory; after a restart only the log lines of its entries remain.',
    remedy: 'Set REDIS_URL or STATE_DIR if you need the audit log after a restart.',
  },
  'audit.unwritable': {
    levels: ['warn'],
    meaning:
      'The router cannot write the audit log. Entries wait in memory until it can; the oldest are dropped when too many wait.',
    remedy: 'Check Redis, or free space and permissions of STATE_DIR. The field reason has the error.',
  },
  'audit.writable': {
    levels: ['info'],
    meaning: 'The router can write the audit log again.',
    remedy: 'None.',
  },
  'geoip.refused': {
    levels: ['error'],
    meaning: 'A changed GeoIP file is unusable. The router keeps the previous file in use.',
    remedy: 'Replace the file with an intact one. The field faults names each problem.',
  },
  'geoip.reloaded': {
    levels: ['info'],
    meaning: 'The router uses a changed GeoIP file.',
    remedy: 'None.',
  },
  'geoip.verdict_ignored': {
    levels: ['info'],
    meaning: 'A kept verdict about a GeoIP file is damaged or of another version. The router verifies the file again.',
    remedy: 'None.',
  },
  'geoip.verdict_not_kept': {
    levels: ['info'],
    meaning:
      'The router cannot keep its verdicts about GeoIP files. The next start verifies the files again, which takes some seconds.',
    remedy: 'Set STATE_DIR to a writable directory if starts should be faster.',
  },
  'geoip.verifying': {
    levels: ['info'],
    meaning:
      'The router reads a GeoIP file from end to end to find out whether it is intact. This takes some seconds and happens once per file.',
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
      'The router cannot write the issuer’s public keys to STATE_DIR. A restart while the issuer is away would use an older copy, or none.',
    remedy: 'Check free space and permissions of STATE_DIR.',
  },
  'jwks.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot fetch the issuer’s public keys. It keeps the known keys and retries; tokens signed with a new key are refused.',
    remedy: 'Check that JWKS_URL is reachable from the router. The field reason has the error.',
  },
  'limits.anonymous_unlimited': {
    levels: ['warn'],
    meaning:
      'Anonymous callers are allowed and the policy sets no rate limit for them. One address can use up the relays.',
    remedy: 'Set limits.anonymousPerAddressPerMinute in the policy.',
  },
  'limits.caller_refused': {
    levels: ['warn'],
    meaning:
      'A caller has exceeded a rate limit and is refused. Further refusals by this limit are not logged for a minute.',
    remedy:
      'None for a single caller. Raise the limit in the policy or on the API key if legitimate callers are refused.',
  },
  'limits.shared': {
    levels: ['info'],
    meaning:
      'The routers share their rate limits again. The field keeper says where: in the registry, or in one of the routers.',
    remedy: 'None.',
  },
  'limits.unshared': {
    levels: ['warn'],
    meaning:
      'The router cannot share rate limits with the other routers. Each router enforces its share of every limit.',
    remedy: 'Check Redis. The field reason has the error. Set PEERS to share limits while Redis is away.',
  },
  'node.implausible': {
    levels: ['warn'],
    meaning:
      'The figures that a node reports contradict each other. The router assumes the average load of the region for this node.',
    remedy:
      'Check the health-reporter of the node: unmoved means that its figures stand still although calls come, beyond_capacity that its capacity or its bandwidth is wrong.',
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
    meaning: 'Some routers of PEERS do not answer. Rate limits may not be shared while Redis is away.',
    remedy:
      'Check that the addresses in PEERS are reachable and that all routers have the same PEER_SECRET. The field reason has one error.',
  },
  'policy.applied': {
    levels: ['info'],
    meaning: 'The router has loaded a changed policy and uses it from now on.',
    remedy: 'None.',
  },
  'policy.refused': {
    levels: ['error'],
    meaning: 'A changed policy is invalid or unreadable. The router keeps the previous policy in force.',
    remedy: 'Correct the policy. The field faults has each fault with its line.',
  },
  'registry.node_contested': {
    levels: ['warn'],
    meaning: 'Two health-reporters report under the same node id. Their reports replace each other.',
    remedy: 'Give each health-reporter its own NODE_ID.',
  },
  'registry.nodes_dropped': {
    levels: ['warn', 'debug'],
    meaning: 'Nodes vanished from the registry and do not answer. The router sends no more callers to them.',
    remedy: 'Check these nodes, and their health-reporters.',
  },
  'registry.nodes_kept': {
    levels: ['warn', 'debug'],
    meaning: 'Nodes vanished from the registry but answer the router. The router keeps them in use at half weight.',
    remedy: 'Check the registry for lost data, and the health-reporters of these nodes.',
  },
  'registry.nodes_vanished': {
    levels: ['warn', 'debug'],
    meaning:
      'Many nodes vanished from the registry together. The router asks each of them directly before it drops any.',
    remedy: 'Check the registry for lost data. The next event says which nodes were kept or dropped.',
  },
  'registry.reachable': {
    levels: ['info'],
    meaning: 'The router can read the registry again.',
    remedy: 'None.',
  },
  'registry.record_ignored': {
    levels: ['warn'],
    meaning: 'A record in the registry is not a valid node report. The router ignores it.',
    remedy: 'Correct or remove what writes this record. The field detail says what is wrong.',
  },
  'registry.silent_nodes_kept': {
    levels: ['warn', 'debug'],
    meaning:
      'Nodes vanished from the registry and none of them answers, but the registry itself has failed. The router keeps the nodes in use at half weight.',
    remedy: 'Check the registry for lost data, and whether the router can reach the nodes over UDP.',
  },
  'registry.trust_changed': {
    levels: ['info', 'warn'],
    meaning:
      'The router’s knowledge of the fleet has another trust level: fresh, last_known, static or none. The level is warn if trust fell, info if it rose.',
    remedy: 'When trust falls, check the registry and the nodes. With none, callers get a 503.',
  },
  'registry.unreachable': {
    levels: ['warn'],
    meaning: 'The router cannot read the registry. It serves the last known snapshot and retries.',
    remedy: 'Check Redis and the network to it. The field reason has the error.',
  },
  'replicas.counted': {
    levels: ['info'],
    meaning: 'The router can count the replicas again.',
    remedy: 'None.',
  },
  'replicas.uncounted': {
    levels: ['warn'],
    meaning: 'The router cannot count the replicas that share the registry. It keeps the last count.',
    remedy: 'Check Redis. The field reason has the error.',
  },
  'request.answered': {
    levels: ['info'],
    meaning: 'The router has answered a request. Expected problems with a status below 500 are included, except 429.',
    remedy: 'None.',
  },
  'request.failed': {
    levels: ['error'],
    meaning: 'A request has failed because of an unexpected error. The caller got a 500.',
    remedy: 'Report the error in the field err, with its stack, to the maintainers.',
  },
  'request.refused': {
    levels: ['warn', 'debug'],
    meaning: 'The router has refused a request with a status of 500 or above (warn), or with 429 (debug).',
    remedy: 'Look at the fields code and cause. For 429, see limits.caller_refused.',
  },
  'revocations.caller_refused': {
    levels: ['warn'],
    meaning: 'A revoked caller is refused. Further refusals of this subject are not logged for a minute.',
    remedy: 'None. Lift the revocation with turnctl if it was a mistake.',
  },
  'revocations.entry_ignored': {
    levels: ['warn'],
    meaning: 'An entry among the stored revocations is invalid. The router ignores it and does not refuse its subject.',
    remedy: 'Revoke the subject again with turnctl revoke. The field detail says what is wrong.',
  },
  'revocations.loaded': {
    levels: ['info'],
    meaning: 'The router has read the revocations. The field rejected counts invalid entries.',
    remedy: 'None.',
  },
  'revocations.missing': {
    levels: ['error'],
    meaning: 'All revocations have disappeared from Redis at once. The router keeps the last known revocations.',
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
      'The router cannot write the revocations to STATE_DIR. A restart while Redis is away would use an older copy, or none.',
    remedy: 'Check free space and permissions of STATE_DIR.',
  },
  'revocations.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot read the revocations. It keeps the last known revocations and retries; new revocations take effect later.',
    remedy: 'Check Redis. The field reason has the error.',
  },
  'router.listening': {
    levels: ['info'],
    meaning: 'The router accepts requests. With several workers, all of them do.',
    remedy: 'None.',
  },
  'router.stop_forced': {
    levels: ['error'],
    meaning:
      'The router exits before it has stopped cleanly: it got a second signal, or stopping took too long. Requests in progress are cut off.',
    remedy: 'None after a second signal. Otherwise find out which requests take so long.',
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
      'The router cannot write the snapshot of a registry to STATE_DIR. A restart while the registry is away would use an older snapshot, or none.',
    remedy: 'Check free space and permissions of STATE_DIR. The field detail has the error.',
  },
  'snapshot.saved': {
    levels: ['info'],
    meaning: 'The router can write the snapshot to STATE_DIR again.',
    remedy: 'None.',
  },
  'snapshot.unusable': {
    levels: ['warn'],
    meaning:
      'The snapshot in STATE_DIR is unusable. The router ignores it and knows no nodes of this registry until the registry answers.',
    remedy: 'Check STATE_DIR if the registry is away. The router replaces the snapshot after its next reading.',
  },
  'spill.ended': {
    levels: ['info'],
    meaning: 'A region no longer spills new calls to another region.',
    remedy: 'None.',
  },
  'spill.started': {
    levels: ['info'],
    meaning: 'A region spills a share of its new calls to another region, because it is heavily loaded.',
    remedy: 'None for a short spill. Add capacity to the region if it spills often.',
  },
  'worker.ended': {
    levels: ['warn'],
    meaning: 'A worker process has ended unexpectedly. The primary starts a replacement.',
    remedy: 'If this repeats, look at the fields code, signal and err for the cause.',
  },
  'worker.replaced': {
    levels: ['info'],
    meaning: 'The replacement of an ended worker accepts requests.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;

export type RouterEvent = keyof typeof routerEvents;
