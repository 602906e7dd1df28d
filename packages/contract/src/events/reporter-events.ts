import type { EventMeaning } from './event.ts';

/** Every event in the log of the health-reporter. A name that was released never changes its meaning. */
export const reporterEvents = {
  'reporter.started': {
    levels: ['info'],
    meaning: 'The health-reporter has started and reports one node.',
    remedy: 'None.',
  },
  'fleet.started': {
    levels: ['info'],
    meaning: 'The health-reporter has started and watches the nodes of FLEET_FILE.',
    remedy: 'None.',
  },
  'fleet.settings_ignored': {
    levels: ['info'],
    meaning:
      'FLEET_FILE has fields of the older balancer that the health-reporter does not use. `unusedFields` names them.',
    remedy: 'Remove these fields once the older balancer no longer reads the file.',
  },
  'fleet.stopped': {
    levels: ['info'],
    meaning:
      'The fleet watch has stopped. It drains no node. The last reports stay in the registry until their TTL ends.',
    remedy: 'Start the watch again before the reports expire, or the routers lose these nodes.',
  },
  'measure.sources_chosen': {
    levels: ['info'],
    meaning: 'The reporter has chosen where it reads the CPU and which network interfaces it measures.',
    remedy: 'Set CPU_SCOPE or NETWORK_INTERFACE if the choice is wrong.',
  },
  'measure.source_missing': {
    levels: ['warn'],
    meaning:
      'A source of a load figure cannot be read. The figure is 0 or absent, as the message says. `source` names it.',
    remedy:
      'Check that the source exists and that the reporter may read it. For an interface, check NETWORK_INTERFACE.',
  },
  'measure.source_restored': {
    levels: ['info'],
    meaning: 'A source of a load figure can be read again. The figure is reported again.',
    remedy: 'None.',
  },
  'prometheus.load_missing': {
    levels: ['warn'],
    meaning:
      'Prometheus gives no load figures. All nodes of a region count as equally loaded, at the level that the region had.',
    remedy: 'Read the reason in the message. Check loadBalancer.prometheus in FLEET_FILE and the Prometheus server.',
  },
  'prometheus.load_restored': {
    levels: ['info'],
    meaning: 'Prometheus gives load figures again. Reports carry the load of each node again.',
    remedy: 'None.',
  },
  'prometheus.node_missing': {
    levels: ['warn'],
    meaning:
      'The answer of Prometheus has no figure for one node. The node counts as loaded as the others of its region.',
    remedy: 'Check that Prometheus scrapes the node and that a label of the series holds its privateAddress.',
  },
  'prometheus.node_restored': {
    levels: ['info'],
    meaning: 'The answer of Prometheus has a figure for the node again.',
    remedy: 'None.',
  },
  'node.health_changed': {
    levels: ['info', 'warn'],
    meaning:
      'The state of the node or its proven transports changed. `from`, `to`, `transports`, `reason` and `text` tell how and why. The level is info while the node is healthy.',
    remedy:
      'If the node is not healthy, follow `reason`: apps/health-reporter/docs/probes-and-health.md lists them all.',
  },
  'node.keys_changed': {
    levels: ['info'],
    meaning: 'The set of keys that the TURN server accepts has changed. `secretIds` lists the accepted keys.',
    remedy: 'None during a rotation of secrets. Otherwise compare the secrets of the TURN server with TURN_SECRETS.',
  },
  'node.relay_unproven': {
    levels: ['warn'],
    meaning:
      'The TURN server denies its own relay address as a peer. The reporter cannot prove that it relays: an allocation counts as proof.',
    remedy: 'Allow the relay address as a peer (coturn: allowed-peer-ip), or accept the weaker proof.',
  },
  'node.record_removed': {
    levels: ['info'],
    meaning: 'The record of the node is removed from the registry. Routers no longer list the node.',
    remedy: 'None.',
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
  'coturn.outdated': {
    levels: ['warn'],
    meaning:
      'The TURN server is an older coturn than recommended. No security hole of this version is known to the reporter.',
    remedy: 'Upgrade coturn to the recommended version.',
  },
  'coturn.vulnerable': {
    levels: ['warn'],
    meaning:
      'The TURN server is a coturn with known security holes. `holes` lists them. Distributions may have fixed some.',
    remedy: "Upgrade coturn, or check your distribution's security tracker for each hole.",
  },
  'registry.unreachable': {
    levels: ['warn'],
    meaning:
      'The registry (Redis or the router) does not take reports now. The reporter retries. A record expires three intervals after its last report.',
    remedy: 'Check REDIS_URL or ROUTER_URL, the network and the registry itself. `reason` names the fault.',
  },
  'registry.request_refused': {
    levels: ['warn'],
    meaning:
      'The registry answers but refuses the report or its removal. `reason` holds its words. The reporter retries.',
    remedy: "Check the credentials: the permissions of the Redis user, or REPORTER_TOKEN. Check Redis's memory limit.",
  },
  'registry.recovered': {
    levels: ['info'],
    meaning: 'The registry takes reports again.',
    remedy: 'None.',
  },
  'clock.offset_large': {
    levels: ['warn'],
    meaning:
      "The clock of this machine differs from the registry's by 10 s or more. A TURN server with a wrong clock may refuse valid credentials.",
    remedy: 'Check time synchronization (NTP) on the node and on the registry.',
  },
  'clock.offset_normal': {
    levels: ['info'],
    meaning: "The clock of this machine differs from the registry's by less than 10 s again.",
    remedy: 'None.',
  },
  'clock.offset_unknown': {
    levels: ['info'],
    meaning: 'The registry refuses to tell its time. Reports omit `clock_offset_ms`.',
    remedy: 'Allow the Redis command TIME to the user of the reporter, or ignore this.',
  },
  'drain.started': {
    levels: ['info'],
    meaning:
      'The node is draining. Routers send it no new calls. `reason` tells why, `deadlineSeconds` how long it may take.',
    remedy: 'None.',
  },
  'drain.ended': {
    levels: ['info'],
    meaning: 'A drain is over. `end` tells how: empty, deadline, hurried, undone or overtaken.',
    remedy: 'None. If calls were cut at the deadline, raise DRAIN_SECONDS or DRAIN_FILE_SECONDS.',
  },
  'drain.cancel_ignored': {
    levels: ['info'],
    meaning: 'SIGUSR2 arrived, but no SIGTERM or SIGINT came before. There is no drain to cancel.',
    remedy: 'To end a drain by DRAIN_FILE, remove the file.',
  },
  'drain.file_unreadable': {
    levels: ['warn'],
    meaning:
      'The reporter cannot check whether DRAIN_FILE exists. The node keeps its present order. `fault` names the error.',
    remedy: 'Check the path, its permissions and the file system.',
  },
  'drain.file_readable': {
    levels: ['info'],
    meaning: 'The reporter can check DRAIN_FILE again.',
    remedy: 'None.',
  },
  'drain.coturn_signalled': {
    levels: ['info'],
    meaning: 'coturn received SIGUSR1. It refuses new allocations and exits when it is empty.',
    remedy: 'Restart coturn if the node is to return to service.',
  },
  'drain.coturn_not_signalled': {
    levels: ['warn'],
    meaning: 'coturn received no signal to drain. It keeps accepting allocations. `refusal` tells why.',
    remedy: 'Follow `refusal`: correct TURN_PID_FILE, enable software-attribute, or use coturn 4.6.3 or later.',
  },
  'relays.ended': {
    levels: ['info'],
    meaning: 'Relays of a revoked user were ended. Further ones of the same user are not logged for a minute.',
    remedy: 'None.',
  },
  'relays.cli_unreachable': {
    levels: ['warn'],
    meaning:
      "coturn's CLI does not answer as expected. Relays of revoked users keep running. The reporter retries every 5 s.",
    remedy:
      'Check that coturn runs with its CLI on 127.0.0.1 and that TURN_CLI_PORT matches. `reason` names the fault.',
  },
  'relays.cli_password_refused': {
    levels: ['warn'],
    meaning:
      "coturn's CLI refuses TURN_CLI_PASSWORD. Relays of revoked users keep running. The reporter retries every 5 s.",
    remedy: "Set TURN_CLI_PASSWORD to the password of coturn's CLI.",
  },
  'relays.cli_recovered': {
    levels: ['info'],
    meaning: "coturn's CLI works again. Relays of revoked users are ended again.",
    remedy: 'None.',
  },
  'relays.revocations_invalid': {
    levels: ['warn'],
    meaning: 'The registry holds entries under `turn:revocations` that are not valid revocations. They are ignored.',
    remedy: 'Find what wrote them. `detail` describes the first. Revoke again if a revocation was lost.',
  },
  'relays.revocations_missing': {
    levels: ['error'],
    meaning: 'All revocations vanished from Redis at once. The reporter keeps the last known ones.',
    remedy: 'Find out whether Redis lost its data. Revoke again, or restart the reporter if the removal was intended.',
  },
  'relays.revocations_unreachable': {
    levels: ['warn'],
    meaning: 'The revocations cannot be read from Redis. The reporter keeps the last known ones.',
    remedy: "Check Redis, and the permission of the reporter's user to read turn:revocations.",
  },
  'relays.revocations_recovered': {
    levels: ['info'],
    meaning: 'The revocations can be read again.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;

export type ReporterEvent = keyof typeof reporterEvents;
