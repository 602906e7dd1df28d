import type { EventMeaning } from '../event.ts';

/** Events about the nodes, and about the registry that knows them. */
export const fleetEvents = {
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
} as const satisfies Record<string, EventMeaning>;
