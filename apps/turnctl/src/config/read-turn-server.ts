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
import { readKeys } from '../secrets/read-keys.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** What the reporter need not know of its TURN server, and the server must. */
export type ServerOptions = {
  readonly withSecrets?: true;
  readonly relayIp?: string;
  readonly cert?: string;
  readonly key?: string;
};

const { TURN_SECRETS: _secrets, TURN_SECRET: _secret, TURN_CLI_PASSWORD, ...openSettings } = turnNodeSettings;

type Values = SettingValues<typeof openSettings>;

const defaultRealm = 'turn-router';

/** What the syntax of neither server gives another meaning. */
const usableRealm = /^[A-Za-z0-9._-]+$/;

/**
 * The TURN server of the node that these settings of the health-reporter describe. Secrets are read only when they are to be written.
 *
 * @throws CommandFault with every fault, none of which holds a secret
 */
export function readTurnServer(environment: Environment, options: ServerOptions): TurnServerSettings {
  const node = readSettings(
    {
      settings: openSettings,
      findFaults: (values, given) => [
        ...findTurnNodeFaults(values, given),
        ...findRealmFault(values),
        ...findOptionFaults(given, options),
      ],
      configFrom: (values) => values,
    },
    environment,
  );
  const secrets = options.withSecrets ? readKeys(environment) : undefined;
  const cliPassword = options.withSecrets ? readCliPassword(environment) : undefined;
  const faults = [node, secrets, cliPassword].flatMap((read) => (read?.ok === false ? read.faults : []));
  if (!node.ok || secrets?.ok === false || cliPassword?.ok === false) {
    throw new CommandFault(faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  }
  const server = turnServerFrom(node.config, options, secrets?.config.keys);
  const password = cliPassword?.config;
  return { ...server, cli: password === undefined ? undefined : { port: node.config.TURN_CLI_PORT, password } };
}

/** A secret as well: its hash tells a weak one. */
function readCliPassword(environment: Environment): ReadSettings<string | undefined> {
  return readSettings(
    { settings: { TURN_CLI_PASSWORD }, findFaults: () => [], configFrom: (values) => values.TURN_CLI_PASSWORD },
    environment,
  );
}

function findRealmFault({ TURN_REALM }: Partial<Values>) {
  if (TURN_REALM === undefined || usableRealm.test(TURN_REALM)) return [];
  const detail = 'Cannot stand in a configuration: expected letters, digits, ".", "_" and "-"';
  return [{ field: 'TURN_REALM', detail }];
}

function findOptionFaults(given: ReadonlySet<string>, { relayIp, cert, key }: ServerOptions) {
  const faults = [];
  if (given.has('TURN_HOSTNAME') && !given.has('PUBLIC_IP') && !given.has('PUBLIC_IPV6')) {
    faults.push({ field: 'PUBLIC_IP', detail: 'Missing: expected it or PUBLIC_IPV6, as the server relays from there' });
  }
  if (relayIp !== undefined && !given.has('PUBLIC_IP')) {
    faults.push({ field: '--relay-ip', detail: 'Set without PUBLIC_IP: expected the address that it is seen as' });
  }
  if (given.has('TURN_TLS_PORT')) {
    if (cert === undefined)
      faults.push({ field: '--cert', detail: 'Missing: expected a file, as TURN_TLS_PORT is set' });
    if (key === undefined) faults.push({ field: '--key', detail: 'Missing: expected a file, as TURN_TLS_PORT is set' });
  }
  return faults;
}

function turnServerFrom(
  values: Values,
  options: ServerOptions,
  secrets: TurnServerSettings['secrets'],
): Omit<TurnServerSettings, 'cli'> {
  const { relayIp, cert, key } = options;
  const { PUBLIC_IP: ipv4, PUBLIC_IPV6: ipv6, TURN_TLS_PORT } = values;
  const relays = [
    ...(ipv4 === undefined ? [] : [{ publicAddress: ipv4, address: relayIp ?? ipv4 }]),
    ...(ipv6 === undefined ? [] : [{ publicAddress: ipv6, address: ipv6 }]),
  ];
  // A name is no address of this host; the reporter then comes in by one of the others.
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
    realm: values.TURN_REALM ?? values.TURN_HOSTNAME ?? defaultRealm,
    secrets,
  };
}
