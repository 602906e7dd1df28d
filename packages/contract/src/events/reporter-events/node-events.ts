import type { EventMeaning } from '../event.ts';

/** Events about nodes: those that this program reports, and those that it proves from outside. */
export const nodeEvents = {
  'measure.sources_chosen': {
    levels: ['info'],
    meaning:
      'The reporter has chosen the source of the CPU load, and the network interfaces whose bandwidth it measures.',
    remedy: 'Set CPU_SCOPE or NETWORK_INTERFACE if the choice is wrong.',
  },
  'measure.no_default_route': {
    levels: ['warn'],
    meaning:
      'The machine has no default route, and NETWORK_INTERFACE is not set. The reporter measures the bandwidth of `lo`, which rarely carries the calls. It looks for a default route at each report.',
    remedy: 'Set NETWORK_INTERFACE to the interface that carries the calls.',
  },
  'measure.source_missing': {
    levels: ['warn'],
    meaning:
      'The source of a load figure cannot be read. The message says what is reported instead. The field `source` has the name of the source.',
    remedy:
      'Check that the source exists and that the reporter is allowed to read it. For an interface, check NETWORK_INTERFACE.',
  },
  'measure.source_restored': {
    levels: ['info'],
    meaning: 'The source of a load figure can be read again. The figure is reported again.',
    remedy: 'None.',
  },
  'node.health_changed': {
    levels: ['info', 'warn'],
    meaning:
      'The state of the node, or the list of its proven transports, has changed. The fields `from` and `to` have the old and the new state. The fields `reason` and `text` have the cause. The level is info if the node is healthy, otherwise warn.',
    remedy:
      'If the node is not healthy, look up the value of the field `reason` in apps/health-reporter/docs/probes-and-health.md.',
  },
  'node.keys_changed': {
    levels: ['info'],
    meaning: 'The set of keys that the TURN server accepts has changed. The field `secretIds` lists the accepted keys.',
    remedy:
      'During a rotation of secrets, nothing needs to be done. Otherwise compare the secrets of the TURN server with TURN_SECRETS.',
  },
  'node.relay_unproven': {
    levels: ['warn'],
    meaning:
      'The TURN server denies its own relay address as a peer. So the reporter cannot test whether the server relays. It accepts a successful allocation as proof of health.',
    remedy:
      'Allow the relay address as a peer (for coturn, set allowed-peer-ip). Or do nothing: then the probe proves only that the server gives allocations.',
  },
  'node.record_removed': {
    levels: ['info'],
    meaning: 'The reporter has removed the record of the node from the registry. Routers no longer use the node.',
    remedy: 'None.',
  },
  'node.handed_over': {
    levels: ['info'],
    meaning:
      'The reporter has stopped without a drain, and its record stays. Routers ask the node by STUN, and use it while it answers. The field `seconds` has the maximum time. Within this time, the reporter must start again.',
    remedy: 'None. If the node leaves permanently, drain it: see DRAIN_FILE and DRAIN_ON_SIGTERM.',
  },
  'node.withdrawn': {
    levels: ['info'],
    meaning: 'The node has no record while DRAIN_FILE exists. The reporter waits until the file is removed.',
    remedy: 'Remove DRAIN_FILE to bring the node back.',
  },
  'node.restored': {
    levels: ['info'],
    meaning: 'DRAIN_FILE is gone. The reporter probes the node and reports it again.',
    remedy: 'None.',
  },
  'coturn.broken': {
    levels: ['error'],
    meaning:
      'The version of coturn has a defect because of which callers get no relay. The field `defect` says which one. The probes of the reporter cannot see the defect, so the node still counts as healthy. The field `holes` lists known security vulnerabilities.',
    remedy: 'Upgrade coturn to the recommended version now.',
  },
  'coturn.outdated': {
    levels: ['warn'],
    meaning:
      "The version of coturn is older than recommended. The reporter's list of known vulnerabilities has no entry for this version.",
    remedy: 'Upgrade coturn to the recommended version.',
  },
  'coturn.vulnerable': {
    levels: ['warn'],
    meaning:
      'The version of coturn has known security vulnerabilities. The field `holes` lists them. Your distribution may have fixed some of them.',
    remedy: 'Upgrade coturn, or check each vulnerability in the security tracker of your distribution.',
  },
  'clock.offset_large': {
    levels: ['warn'],
    meaning:
      "The clock of this machine differs from the registry's clock by 10 s or more. A TURN server with a wrong clock may refuse valid credentials.",
    remedy: 'Check time synchronization (NTP) on the node and on the registry.',
  },
  'clock.offset_normal': {
    levels: ['info'],
    meaning: "The clock of this machine differs from the registry's clock by less than 10 s again.",
    remedy: 'None.',
  },
  'clock.offset_unknown': {
    levels: ['info'],
    meaning:
      'The reporter cannot read the clock of the registry, because the registry refuses the request. Reports omit `clock_offset_ms`.',
    remedy: 'Give the Redis user of the reporter permission for the command TIME, or ignore this event.',
  },
  'clock.wrong': {
    levels: ['error'],
    meaning:
      "The clock of this machine differs from the registry's clock by 60 s or more. Routers give the node no calls until the clock is right. The field `offsetSeconds` is this clock minus the clock of the registry.",
    remedy: 'Check time synchronization (NTP) on the node and on the registry.',
  },
  'drain.started': {
    levels: ['info'],
    meaning:
      'The node is draining. Routers send it no new calls. The field `reason` has the cause. The field `deadlineSeconds` has the maximum duration of the drain.',
    remedy: 'None.',
  },
  'drain.ended': {
    levels: ['info'],
    meaning:
      'A drain is over. The field `end` has the cause: `empty` (no allocation left), `deadline` (deadline passed), `hurried` (second signal), `undone` (canceled) or `overtaken` (replaced by a drain with another deadline).',
    remedy: 'None. If calls were cut at the deadline, increase DRAIN_SECONDS or DRAIN_FILE_SECONDS.',
  },
  'drain.cancel_ignored': {
    levels: ['info'],
    meaning:
      'The reporter got SIGUSR2, which cancels a stop. But no stop is in progress, because no signal to stop came before. The reporter ignores the signal.',
    remedy: 'To end a drain by DRAIN_FILE, remove the file.',
  },
  'drain.file_unreadable': {
    levels: ['warn'],
    meaning:
      'The reporter cannot check whether DRAIN_FILE exists. The node stays as it is, draining or not. The field `fault` has the error.',
    remedy: 'Check the path in DRAIN_FILE, its permissions and the file system.',
  },
  'drain.file_readable': {
    levels: ['info'],
    meaning: 'The reporter can check DRAIN_FILE again.',
    remedy: 'None.',
  },
  'drain.coturn_signalled': {
    levels: ['info'],
    meaning:
      'The reporter has sent SIGUSR1 to coturn. coturn refuses new allocations, and exits when it has no allocation left.',
    remedy: 'To bring the node back to service, restart coturn.',
  },
  'drain.coturn_not_signalled': {
    levels: ['warn'],
    meaning:
      'The reporter did not send coturn the signal to drain. coturn keeps accepting allocations. The field `refusal` has the reason.',
    remedy:
      'Depending on the field `refusal`, correct TURN_PID_FILE, enable software-attribute, or use coturn 4.6.3 or later.',
  },
  'outside.alone': {
    levels: ['info'],
    meaning:
      'Nothing proves this node from outside, because no other reporter of the fleet probes nodes. The node works as before: its own probes decide.',
    remedy: 'None. To get proofs from outside, run a second node, and leave OUTSIDE_PROBES unset there.',
  },
  'outside.probed': {
    levels: ['info'],
    meaning: 'Other reporters prove this node from outside. The field `probers` has their number.',
    remedy: 'None.',
  },
  'outside.target_failed': {
    levels: ['warn'],
    meaning:
      'Another node fails a probe of this reporter. The field `paths` has the failed paths and the reasons. The reporter writes this proof into the registry. One reporter alone takes no node out of service.',
    remedy:
      'Check the other node as a caller sees it: firewall, external-ip, relay ports, certificate. If all nodes fail, check the network of this machine.',
  },
  'outside.target_reached': {
    levels: ['info'],
    meaning: 'Another node that failed probes of this reporter passes them again.',
    remedy: 'None.',
  },
  'outside.keys_refused': {
    levels: ['warn'],
    meaning:
      'The other nodes refuse the keys of this reporter, or their records do not show that they share them. With per-node secrets this is normal if no router signs credentials for probes. The reporter then proves the nodes by Binding requests only.',
    remedy:
      'With per-node secrets: set PROBE_ROUTER_URL and REPORTER_TOKEN, or accept less proof. If the router is set, look for problems of POST /v1/probe-credentials in its log. With shared secrets: check that this reporter has the same TURN_SECRETS as the other nodes.',
  },
  'outside.registry_refused': {
    levels: ['warn'],
    meaning:
      'The registry refuses a command that the proofs need. This reporter does not prove other nodes. Its own reports are not affected.',
    remedy:
      'Create the user of the reporter again with `npm run redis-acl`. Or set OUTSIDE_PROBES=false; a fleet watch leaves WATCH_ID unset.',
  },
  'outside.registry_recovered': {
    levels: ['info'],
    meaning: 'The registry accepts the commands of proofs again.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;
