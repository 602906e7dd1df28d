import type { EventMeaning } from '../event.ts';

/** Events about the health-reporter itself, and about the programs that it uses. */
export const watchEvents = {
  'reporter.started': {
    levels: ['info'],
    meaning: 'The health-reporter has started and reports one node.',
    remedy: 'None.',
  },
  'reporter.signal_ignored': {
    levels: ['info'],
    meaning:
      'The reporter got SIGHUP, SIGUSR1 or SIGUSR2. It reads its settings and the fleet file only at the start, and opens no debugger. The field `signal` has the signal.',
    remedy: 'To apply changed settings or a changed fleet file, restart the reporter.',
  },
  'settings.stray_characters': {
    levels: ['warn'],
    meaning:
      'A secret in the settings has quotes or blanks around it, ends with the characters \\n, is the name of a variable, or has the form of another setting. The reporter uses the value as it is. If other programs have the secret without these characters, the secrets differ.',
    remedy:
      'Check the setting that the field `setting` names. The field `cause` has the reason. The log line does not contain the secret.',
  },
  'fleet.started': {
    levels: ['info'],
    meaning: 'The health-reporter has started and watches the nodes of FLEET_FILE.',
    remedy: 'None.',
  },
  'fleet.settings_ignored': {
    levels: ['info'],
    meaning:
      'FLEET_FILE has fields that only the older coturn load balancer uses. The health-reporter ignores these fields. The field `unusedFields` lists them.',
    remedy: 'Remove these fields when the older load balancer no longer reads the file.',
  },
  'fleet.stopped': {
    levels: ['info'],
    meaning:
      'The fleet watch has stopped. The stop does not drain any node. The last reports stay in the registry until their TTL ends.',
    remedy: 'Start the watch again before the reports expire. After that, routers no longer use these nodes.',
  },
  'prometheus.load_missing': {
    levels: ['warn'],
    meaning:
      'Prometheus gives no load figures. The watch reports the same load for all nodes of a region: the last average of the region.',
    remedy:
      'See the reason in the message. Check the Prometheus server, and the fields of loadBalancer.prometheus in FLEET_FILE.',
  },
  'prometheus.load_restored': {
    levels: ['info'],
    meaning: 'Prometheus gives load figures again. Reports carry the load of each node again.',
    remedy: 'None.',
  },
  'prometheus.node_missing': {
    levels: ['warn'],
    meaning:
      'The response of Prometheus has no figure for one node. The watch reports the average load of the region for this node.',
    remedy: 'Check that Prometheus scrapes the node. A label of the series must have the privateAddress of the node.',
  },
  'prometheus.node_restored': {
    levels: ['info'],
    meaning: 'The response of Prometheus has a figure for the node again.',
    remedy: 'None.',
  },
  'registry.unreachable': {
    levels: ['warn'],
    meaning:
      'The registry (Redis or the router) is unreachable, or cannot accept reports now. The reporter retries. A record expires three intervals after its last report.',
    remedy: 'See the field `reason` for the error. Check REDIS_URL or ROUTER_URL, the network, and the registry.',
  },
  'registry.request_refused': {
    levels: ['warn'],
    meaning:
      'The registry answers, but refuses to store the report or to remove it. The field `reason` has the error message of the registry. The reporter retries.',
    remedy:
      "With Redis, check the permissions of the Redis user and Redis's memory limit. With a router, check REPORTER_TOKEN.",
  },
  'registry.recovered': {
    levels: ['info'],
    meaning: 'The registry accepts reports again.',
    remedy: 'None.',
  },
  'redis.check_skipped': {
    levels: ['warn'],
    meaning:
      'Redis does not permit a command to this user, because its permissions are older than this version. The health-reporter reads the revocations without asking for their size first.',
    remedy: 'Create the user again with `npm run redis-acl`. The field `command` has the command.',
  },
  'relays.ended': {
    levels: ['info'],
    meaning:
      'The reporter has ended relays of a revoked user. It does not log further relays of this user for one minute.',
    remedy: 'None.',
  },
  'relays.cli_unreachable': {
    levels: ['warn'],
    meaning:
      "coturn's CLI is unreachable, or gives an unexpected response. Relays of revoked users continue. The reporter retries every 5 s.",
    remedy:
      'See the field `reason` for the error. Check that coturn runs, and that its CLI listens on 127.0.0.1 and TURN_CLI_PORT.',
  },
  'relays.cli_password_refused': {
    levels: ['warn'],
    meaning:
      "coturn's CLI refuses TURN_CLI_PASSWORD. Relays of revoked users continue. The reporter retries every 5 s.",
    remedy: "Set TURN_CLI_PASSWORD to the password of coturn's CLI.",
  },
  'relays.cli_recovered': {
    levels: ['info'],
    meaning: "coturn's CLI works again. Relays of revoked users are ended again.",
    remedy: 'None.',
  },
  'relays.revocations_invalid': {
    levels: ['warn'],
    meaning:
      'Some entries of `turn:revocations` in Redis are not valid revocations. The reporter ignores these entries.',
    remedy:
      'Find the program that wrote these entries. The field `detail` describes the first entry. If a revocation is lost, revoke again.',
  },
  'relays.revocations_missing': {
    levels: ['error'],
    meaning: 'All revocations vanished from Redis at once. The reporter uses the last known revocations.',
    remedy:
      'Check whether Redis has lost its data. If so, revoke again. If somebody removed all revocations on purpose, restart the reporter.',
  },
  'relays.revocations_unreachable': {
    levels: ['warn'],
    meaning: 'The reporter cannot read the revocations from Redis. It uses the last known revocations.',
    remedy: "Check Redis, and the permission of the reporter's user to read turn:revocations.",
  },
  'relays.revocations_recovered': {
    levels: ['info'],
    meaning: 'The reporter can read the revocations again.',
    remedy: 'None.',
  },
} as const satisfies Record<string, EventMeaning>;
