import type { EventMeaning } from './event.ts';

/** All events in the log of the router. The meaning of a released name never changes. */
export const routerEvents = {
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
  'audit.entry_dropped': {
    levels: ['error'],
    meaning:
      'Too many audit entries were waiting, so the router has dropped one. This log line is the only copy of that entry.',
    remedy: 'Make the audit log writable again. Keep this log line if you need the entry.',
  },
  'audit.entry_unwritten': {
    levels: ['error'],
    meaning:
      'The router stops while it cannot write the audit log. It has lost this entry. This log line is the only copy of that entry.',
    remedy: 'Make the audit log writable. Keep this log line if you need the entry.',
  },
  'audit.entry_waiting': {
    levels: ['warn'],
    meaning:
      'The router cannot write this entry to the audit log yet. The entry waits in memory. If the router is killed, this log line is the only copy.',
    remedy: 'Make the audit log writable again. The event `audit.entry_written` then shows that the entry is written.',
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
  'capacity.copy_damaged': {
    levels: ['warn'],
    meaning:
      'The file with the proven capacities in STATE_DIR is damaged. The router ignores it, so large nodes prove their capacity again. The next write replaces the file.',
    remedy: 'Find out what damaged the file: a full or failing disk, or another program.',
  },
  'capacity.save_failed': {
    levels: ['warn'],
    meaning:
      'The router cannot write the capacities that nodes have proven to STATE_DIR. After a restart, large nodes get fewer calls for some minutes.',
    remedy: 'Check that STATE_DIR has free space and is writable. The field `err` has the error.',
  },
  'capacity.saved': {
    levels: ['info'],
    meaning: 'The router can write the proven capacities to STATE_DIR again.',
    remedy: 'None.',
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
  'clock.offset_large': {
    levels: ['warn'],
    meaning:
      "The clock of this router differs from the registry's clock by 10 s or more. The field `offsetSeconds` is the difference. If the router is behind by a minute or more, nodes refuse its credentials, so its nodes get no calls.",
    remedy: 'Check time synchronization (NTP) on the router and on the registry.',
  },
  'clock.offset_normal': {
    levels: ['info'],
    meaning: "The clock of this router differs from the registry's clock by less than 10 s again.",
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
  'geoip.check_result_ignored': {
    levels: ['info'],
    meaning:
      'The stored result of a GeoIP file check is damaged, or was made by another version of the check. The router checks the file again.',
    remedy: 'None.',
  },
  'geoip.check_result_not_stored': {
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
  'node.clock_right': {
    levels: ['info'],
    meaning: 'The clock of a node is right again, or the node is gone.',
    remedy: 'None.',
  },
  'node.clock_wrong': {
    levels: ['warn'],
    meaning:
      'The clock of a node is ahead or behind by a minute or more. It would refuse credentials or accept them for too long, so it gets no calls. The field `offsetSeconds` is its clock minus the clock of the registry.',
    remedy:
      'Check time synchronization (NTP) on the node. If all nodes have this fault, check the clock of the router: see `clock.offset_large`.',
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
  'node.reached_again': {
    levels: ['info'],
    meaning: 'Probers reach a node from outside again, or the node is gone.',
    remedy: 'None.',
  },
  'node.refuted': {
    levels: ['warn'],
    meaning:
      'Most probers of a node do not reach it from outside, although its own report says that it is healthy. It gets no calls. The field `reason` has the count of probers, the path and the fault, such as `unreachable_from_outside (3 of 3: udp 3478 timeout)`.',
    remedy:
      'Check what lies between the node and the internet: firewall, NAT, external-ip, relay ports, and the certificate chain. `GET /admin/v1/fleet` has the proofs of the node.',
  },
  'node.secret_matches': {
    levels: ['info'],
    meaning: 'A node has the same secrets as this router again, or the node is gone.',
    remedy: 'None.',
  },
  'node.secret_mismatch': {
    levels: ['warn'],
    meaning:
      'A node and this router have different secrets under the same key id. The field `keyIds` lists the ids. If another key is common to both, that key signs. Otherwise the node gets no calls.',
    remedy:
      'Compare TURN_SECRETS of the router with TURN_SECRETS of the node, quotes and blanks included. With TURN_SECRET_MODE=per-node, derive the secrets of the node again. Give every new secret a new id.',
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
    levels: ['error'],
    meaning:
      'Both stored copies of the policy in STATE_DIR are damaged, or the stored policy is invalid in this version. The router uses the policy file. It cannot tell whether this policy drops protection that was in force before.',
    remedy:
      'Check residency and limits in the policy file. Check the disk of STATE_DIR. The router renames the damaged copies and stores new ones.',
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
  'proofs.few_probers': {
    levels: ['info'],
    meaning:
      'Fewer than two programs of this fleet probe nodes of others. So nothing refutes a node from outside, and the router relies on the reports of the nodes.',
    remedy:
      'None for a single node. In a larger fleet, run health-reporters of this version beside at least two nodes, and let them write proofs.',
  },
  'proofs.readable': {
    levels: ['info'],
    meaning: 'The router can read the proofs of this registry again.',
    remedy: 'None.',
  },
  'proofs.unreadable': {
    levels: ['warn'],
    meaning:
      'The router cannot read the proofs of probers in this registry. It uses the reports of the nodes as before. Verdicts end when their proofs are 90 s old. The field `fault` has the kind of fault.',
    remedy:
      'If `fault` is `no_permission`, give the Redis user of the router the rule for proofs (`npm run -s redis-acl`). Otherwise check Redis. The field `reason` has the error.',
  },
  'redis.check_skipped': {
    levels: ['warn'],
    meaning:
      'Redis does not permit a command to this user, because its permissions are older than this version. Without PTTL, the router cannot find reports that never expire. Without MEMORY USAGE, it reads API keys and revocations without asking for their size first. Without GET of `turn:held:*`, turnctl gives no warning if Redis loses API keys or revocations.',
    remedy: 'Create the user again with `npm run redis-acl`. The field `command` has the command, and `key` its keys.',
  },
  'registry.leaving_nodes_overdue': {
    levels: ['warn'],
    meaning:
      'The health-reporters of some nodes stopped, and did not start again within `leaving_seconds`. The router sends no more callers to these nodes, although they answer STUN.',
    remedy:
      'Start these health-reporters. If the nodes leave permanently, drain them: see DRAIN_FILE and DRAIN_ON_SIGTERM. If a restart takes longer, increase HAND_OVER_SECONDS.',
  },
  'registry.leaving_nodes_silent': {
    levels: ['info'],
    meaning:
      'The health-reporters of some nodes stopped, and these nodes do not answer STUN. The router sends no more callers to them.',
    remedy: 'None, if these nodes were stopped. Otherwise check their TURN servers.',
  },
  'region.not_in_policy': {
    levels: ['warn'],
    meaning:
      'Nodes report for a region that the policy lacks. They get no calls. The field `nodes` is their number at this moment.',
    remedy: 'Add the region to the policy, or correct REGION at the health-reporters of these nodes.',
  },
  'region.not_in_policy_ended': {
    levels: ['info'],
    meaning: 'The policy has the region now, or nodes no longer report for it.',
    remedy: 'None.',
  },
  'registry.node_contested': {
    levels: ['warn'],
    meaning:
      'Two health-reporters use the same node id. Each of them overwrites the reports of the other. At most 20 nodes are logged in a minute.',
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
      'The reports of some nodes disappeared from the registry, but these nodes answer STUN. The router keeps using them with half of their capacity (half weight).',
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
    meaning:
      'A record in the registry is not a valid node report, or it neither changes nor expires, or it names an address or a port that callers must not get. The router ignores it. At most 200 records are logged in a minute.',
    remedy: 'Find the program that writes this record, and correct or stop it. The field `detail` describes the fault.',
  },
  'registry.records_complete': {
    levels: ['info'],
    meaning: 'The router reads all records of the registry again.',
    remedy: 'None.',
  },
  'registry.records_left_out': {
    levels: ['error'],
    meaning:
      'The registry has more records than REGISTRY_MAX_RECORDS. The router ignores the other records, so it does not use these nodes. Nodes that it knows already stay in use.',
    remedy:
      'Find out who writes these records, and remove them. If the fleet is so large, set a larger REGISTRY_MAX_RECORDS.',
  },
  'registry.silent_nodes_kept': {
    levels: ['warn', 'debug'],
    meaning:
      'The reports of some nodes disappeared from the registry, and none of these nodes answers STUN. The router keeps using the nodes with half of their capacity (half weight), because the registry itself has failed.',
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
  'router.listening': {
    levels: ['info'],
    meaning: 'The router accepts requests. If it has several workers, all of them accept requests.',
    remedy: 'None.',
  },
  'router.reloaded': {
    levels: ['info'],
    meaning:
      'The router got SIGHUP, and has read the policy, the API keys and the GeoIP files again. If one of them has changed or is unusable, an earlier log line reports it.',
    remedy: 'None. A changed setting needs a restart.',
  },
  'router.signal_ignored': {
    levels: ['info'],
    meaning:
      'The router got SIGUSR1 or SIGUSR2, and ignores it. It opens no debugger. The field `signal` has the signal.',
    remedy: 'None. To reload files, send SIGHUP. To stop the router, send SIGTERM.',
  },
  'router.stop_forced': {
    levels: ['error'],
    meaning:
      'The router exits before it has stopped cleanly, because it got a second signal or stopping took too long. Requests in progress are cut off.',
    remedy:
      'If the cause was a second signal, nothing needs to be done. Otherwise find out which requests take so long.',
  },
  'router.stopping': {
    levels: ['info'],
    meaning: 'The router stops. It finishes the requests in progress and then exits.',
    remedy: 'None.',
  },
  'settings.stray_characters': {
    levels: ['warn'],
    meaning:
      'A secret in the settings has quotes or blanks around it, ends with the characters \\n, is the name of a variable, or has the form of another setting. The router uses the value as it is. If other programs have the secret without these characters, the secrets differ.',
    remedy:
      'Check the setting that the field `setting` names. The field `cause` has the reason. The log line does not contain the secret.',
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
  'state.change_abandoned': {
    levels: ['error'],
    meaning:
      'The router stops, and could not write its newest data to STATE_DIR. The field `file` names the file. If changes may be missing at the next start, the router does not rely on the file.',
    remedy: 'Check that STATE_DIR has free space and is writable.',
  },
  'state.file_saved': {
    levels: ['info'],
    meaning: 'The router can write the file to STATE_DIR again. The newest data are on disk.',
    remedy: 'None.',
  },
  'state.file_set_aside': {
    levels: ['warn'],
    meaning:
      'A file in STATE_DIR was damaged. The router has renamed it and has written a new one. The field `savedAs` has the new name. At most five damaged files are kept.',
    remedy: 'Find out what damaged the file: a full or failing disk, or another program. Then delete the damaged file.',
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
