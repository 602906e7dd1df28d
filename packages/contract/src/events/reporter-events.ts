import type { EventMeaning } from './event.ts';

/** Every event in the log of the health-reporter. A name that was released never changes its meaning. */
export const reporterEvents = {
  'clock.agrees': {
    levels: ['info'],
    meaning: "The node's clock differs from the registry's by less than 10 s again.",
    remedy: 'None.',
  },
  'clock.differs': {
    levels: ['warn'],
    meaning:
      "The node's clock differs from the registry's by 10 s or more. The TURN server may refuse valid credentials.",
    remedy:
      "Correct the clock of the node, for example with NTP. If the node's clock is right, correct the registry's.",
  },
  'clock.unreadable': {
    levels: ['info'],
    meaning: 'The registry refuses to tell its time. Reports leave `clock_offset_ms` out.',
    remedy: 'Allow the command TIME in the Redis ACL; `npm run redis-acl` prints one.',
  },
  'coturn.drain_not_signalled': {
    levels: ['warn'],
    meaning:
      'The reporter has not told coturn to drain. The field `refusal` has the reason. coturn goes on accepting allocations.',
    remedy: 'Follow the reason. Until then, stop coturn yourself when the node has no allocations.',
  },
  'coturn.drain_signalled': {
    levels: ['info'],
    meaning: 'The reporter has sent SIGUSR1 to coturn. coturn refuses new allocations and exits once it has none.',
    remedy: 'None.',
  },
  'coturn.outdated': {
    levels: ['warn'],
    meaning:
      'The TURN server is an older coturn than the recommended version. The field `holes` lists its known vulnerabilities.',
    remedy: 'Upgrade coturn.',
  },
  'drain.ended': {
    levels: ['info'],
    meaning:
      'The drain has ended. The field `end` has the cause: `empty`, `deadline`, `undone`, `overtaken` or `hurried`.',
    remedy: 'None. With `deadline`, the field `allocations` counts the allocations that were still open.',
  },
  'drain.started': {
    levels: ['info'],
    meaning: 'The node drains: it takes no new calls and waits until its allocations end or the deadline passes.',
    remedy: 'None.',
  },
  'drain_file.readable': {
    levels: ['info'],
    meaning: 'The reporter can check the drain file again.',
    remedy: 'None.',
  },
  'drain_file.unreadable': {
    levels: ['warn'],
    meaning: 'The reporter cannot check whether the drain file exists. It keeps the last order.',
    remedy: 'Check the permissions and the mount of the directory of DRAIN_FILE.',
  },
  'fleet_file.settings_ignored': {
    levels: ['info'],
    meaning: 'The fleet file has settings that the fleet watch does not use. The field `unusedFields` lists them.',
    remedy: 'Remove these settings from the fleet file, or ignore this line.',
  },
  'fleet_watch.started': {
    levels: ['info'],
    meaning: 'The fleet watch has started and reports the nodes of the fleet file.',
    remedy: 'None.',
  },
  'fleet_watch.stopped': {
    levels: ['info'],
    meaning: 'The fleet watch has stopped. Its last reports expire with their TTL.',
    remedy: 'Start it again, or the nodes leave the registry.',
  },
  'load_meter.started': {
    levels: ['info'],
    meaning: 'The reporter has chosen the sources of CPU and bandwidth figures.',
    remedy: 'None. If it chose a wrong network interface, set NETWORK_INTERFACES.',
  },
  'load_source.available': {
    levels: ['info'],
    meaning: 'A source of load figures is available again.',
    remedy: 'None.',
  },
  'load_source.missing': {
    levels: ['warn'],
    meaning: 'A source of load figures is missing. The message says what the reporter does instead.',
    remedy: 'Restore the source that the field `source` names.',
  },
  'node.health_changed': {
    levels: ['info', 'warn'],
    meaning:
      'The health of the node or the set of its proven transports has changed. Level `info` means healthy, `warn` any other state.',
    remedy:
      'If the node is not healthy, check the TURN server. The fields `reason` and `detail` describe the failed probe.',
  },
  'node.out_of_service': {
    levels: ['info'],
    meaning: 'The node has drained, and its record is removed. The reporter waits until the drain file is removed.',
    remedy: 'Remove the drain file when the node should serve again.',
  },
  'node.relaying_unproven': {
    levels: ['warn'],
    meaning:
      'The TURN server denies its own address as peer. The probe proves that it grants allocations, not that it relays data.',
    remedy: 'Allow the relay address as peer if the probes should prove relaying; the README says how.',
  },
  'node.returning': {
    levels: ['info'],
    meaning: 'The drain file is removed. The reporter probes the node and reports it again.',
    remedy: 'None.',
  },
  'node.secrets_changed': {
    levels: ['info'],
    meaning: 'The set of TURN secrets that the TURN server accepts has changed. The field `secretIds` lists their ids.',
    remedy: 'None during a rotation. Otherwise compare the secrets of router, reporter and TURN server.',
  },
  'record.removed': {
    levels: ['info'],
    meaning: "The reporter has removed the node's record from the registry.",
    remedy: 'None.',
  },
  'registry.reports_accepted': {
    levels: ['info'],
    meaning: 'The registry accepts reports again.',
    remedy: 'None.',
  },
  'registry.reports_failed': {
    levels: ['warn'],
    meaning:
      'The registry is unreachable or refuses reports. The reporter retries at every interval; the last report expires with its TTL.',
    remedy:
      'Check Redis or the router. The field `code` says whether it is unreachable or refuses; `reason` has the error.',
  },
  'relays.cli_reachable': {
    levels: ['info'],
    meaning: "coturn's CLI is reachable again. Relays of revoked users end.",
    remedy: 'None.',
  },
  'relays.cli_unreachable': {
    levels: ['warn'],
    meaning:
      "coturn's CLI is unreachable or refuses the password. Relays of revoked users go on until their allocations expire.",
    remedy: 'Check cli-port and cli-password of coturn, and TURN_CLI_PORT and TURN_CLI_PASSWORD of the reporter.',
  },
  'relays.ended': {
    levels: ['info'],
    meaning: 'The reporter has ended relays of a revoked user. It does not log more relays of this user for a minute.',
    remedy: 'None.',
  },
  'reporter.started': {
    levels: ['info'],
    meaning: 'The health-reporter has started and reports one node.',
    remedy: 'None.',
  },
  'revocations.entry_ignored': {
    levels: ['warn'],
    meaning: 'Entries among the revocations in Redis are invalid. The reporter ignores them.',
    remedy: 'Revoke these subjects again with turnctl. The field `detail` describes the first invalid entry.',
  },
  'revocations.missing': {
    levels: ['error'],
    meaning: 'All revocations have disappeared from Redis at once. The reporter keeps the last known revocations.',
    remedy: 'Restore the revocations in Redis. Find out what emptied Redis.',
  },
  'revocations.readable': {
    levels: ['info'],
    meaning: 'The reporter can read the revocations again.',
    remedy: 'None.',
  },
  'revocations.unreadable': {
    levels: ['warn'],
    meaning: 'The reporter cannot read the revocations. It keeps the last known revocations and retries.',
    remedy: 'Check Redis. The field `reason` has the error.',
  },
  'signal.ignored': {
    levels: ['info'],
    meaning: 'SIGUSR2 withdraws a SIGTERM or SIGINT, and none had arrived. The reporter ignores it.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;

export type ReporterEvent = keyof typeof reporterEvents;
