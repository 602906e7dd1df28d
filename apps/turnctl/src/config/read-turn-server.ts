import {
  findTurnNodeFaults,
  probedHosts,
  readSettings,
  turnNodeSettings,
  type Environment,
  type ReadSettings,
  type SettingValues,
} from '@turn-router/settings';
import { isIP } from 'node:net';
import { CommandFault } from '../command-fault.ts';
import { coturnRedisSettings, findCoturnRedisFault, parseCoturnRedis } from '../secrets/coturn-redis.ts';
import { readKeys, type Warn } from '../secrets/read-keys.ts';
import { findRealmFault, realmFrom } from './realm.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** Options for the settings that the TURN server needs and the reporter does not need. */
export type ServerOptions = {
  readonly withSecrets?: true;
  /** Only for coturn. */
  readonly redisUserdb?: true;
  readonly relayIp?: string;
  readonly cert?: string;
  readonly key?: string;
};

const { TURN_SECRETS: _secrets, TURN_SECRET: _secret, TURN_CLI_PASSWORD, ...publicSettings } = turnNodeSettings;

type Values = SettingValues<typeof publicSettings>;

/**
 * Reads the TURN server from the settings of the node's health-reporter. Reads secrets only with `withSecrets`.
 *
 * @throws CommandFault with all faults; none contains a secret
 */
export function readTurnServer(environment: Environment, options: ServerOptions, warn: Warn): TurnServerSettings {
  const node = readSettings(
    {
      settings: publicSettings,
      findFaults: (values, given) => [
        ...findTurnNodeFaults(values, given),
        ...findRealmFault(values),
        ...findOptionFaults(given, options),
      ],
      configFrom: (values) => values,
    },
    environment,
  );
  const secrets = options.withSecrets && !options.redisUserdb ? readKeys(environment, warn) : undefined;
  const userdb = options.withSecrets && options.redisUserdb ? readUserdb(environment) : undefined;
  const cliPassword = options.withSecrets ? readCliPassword(environment) : undefined;
  const faults = [node, secrets, userdb, cliPassword].flatMap((read) => (read?.ok === false ? read.faults : []));
  if (!node.ok || secrets?.ok === false || userdb?.ok === false || cliPassword?.ok === false) {
    throw new CommandFault(faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  }
  const server = turnServerFrom(node.config, options, secrets?.config.keys);
  const password = cliPassword?.config;
  const cli = password === undefined ? undefined : { port: node.config.TURN_CLI_PORT, password };
  return { ...server, cli, userdb: userdb?.config };
}

function readUserdb(environment: Environment): ReadSettings<TurnServerSettings['userdb']> {
  return readSettings(
    {
      settings: coturnRedisSettings,
      findFaults: findCoturnRedisFault,
      configFrom: ({ COTURN_REDIS_URL }) => parseCoturnRedis(COTURN_REDIS_URL),
    },
    environment,
  );
}

/** The password is treated as a secret, because the hash in the configuration can reveal a weak password. */
function readCliPassword(environment: Environment): ReadSettings<string | undefined> {
  return readSettings(
    { settings: { TURN_CLI_PASSWORD }, findFaults: () => [], configFrom: (values) => values.TURN_CLI_PASSWORD },
    environment,
  );
}

function findOptionFaults(given: ReadonlySet<string>, { relayIp, cert, key, redisUserdb, withSecrets }: ServerOptions) {
  const faults = [];
  if (redisUserdb && !withSecrets) {
    faults.push({
      field: '--redis-userdb',
      detail: 'This option needs --with-secrets, because the file then contains the password of the Redis user',
    });
  }
  if (given.has('TURN_HOSTNAME') && !given.has('PUBLIC_IP') && !given.has('PUBLIC_IPV6')) {
    faults.push({
      field: 'PUBLIC_IP',
      detail: 'Missing: expected PUBLIC_IP or PUBLIC_IPV6, the address from which the server relays',
    });
  }
  if (relayIp !== undefined && !given.has('PUBLIC_IP')) {
    faults.push({
      field: '--relay-ip',
      detail: 'This option needs PUBLIC_IP: set PUBLIC_IP to the public address of the NAT',
    });
  }
  if (given.has('TURN_TLS_PORT')) {
    if (cert === undefined)
      faults.push({ field: '--cert', detail: 'Missing: expected a file, because TURN_TLS_PORT is set' });
    if (key === undefined)
      faults.push({ field: '--key', detail: 'Missing: expected a file, because TURN_TLS_PORT is set' });
  }
  return faults;
}

function turnServerFrom(
  values: Values,
  options: ServerOptions,
  secrets: TurnServerSettings['secrets'],
): Omit<TurnServerSettings, 'cli' | 'userdb'> {
  const { relayIp, cert, key } = options;
  const { PUBLIC_IP: ipv4, PUBLIC_IPV6: ipv6, TURN_TLS_PORT } = values;
  const relays = [
    ...(ipv4 === undefined ? [] : [{ publicAddress: ipv4, address: relayIp ?? ipv4 }]),
    ...(ipv6 === undefined ? [] : [{ publicAddress: ipv6, address: ipv6 }]),
  ];
  // A server cannot listen on a host name. If TURN_ADDRESS is a host name, the reporter connects to one of the other addresses.
  const reporterAddresses = Object.values(probedHosts(values)).filter((host) => isIP(host) !== 0);
  return {
    listenAddresses: [...new Set([...reporterAddresses, ...relays.map(({ address }) => address)])],
    relays,
    port: values.TURN_PORT,
    relayPorts: { min: values.RELAY_MIN_PORT, max: values.RELAY_MAX_PORT },
    tls:
      TURN_TLS_PORT === undefined || cert === undefined || key === undefined
        ? undefined
        : { port: TURN_TLS_PORT, certificate: cert, privateKey: key },
    realm: realmFrom(values),
    secrets,
  };
}
