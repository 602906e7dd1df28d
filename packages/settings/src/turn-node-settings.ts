import type { FieldFault } from '@turn-router/contract/http';
import { nodeReportSchema } from '@turn-router/contract/registry';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { Settings, SettingValues } from './setting.ts';
import { portSetting, turnSecretModeSetting, turnSecretSettings } from './setting-kinds.ts';

/** The settings that describe a TURN server. The health-reporter and `turnctl config` both read these settings, so the node reports and the TURN server's configuration match. */
export const turnNodeSettings = {
  PUBLIC_IP: {
    meaning: 'IPv4 address that clients connect to. Set at least one of PUBLIC_IP, PUBLIC_IPV6 and TURN_HOSTNAME',
    expected: 'an IPv4 address',
    schema: z.ipv4(),
  },
  PUBLIC_IPV6: { meaning: 'IPv6 address that clients connect to', expected: 'an IPv6 address', schema: z.ipv6() },
  TURN_HOSTNAME: {
    meaning: 'Host name that clients connect to. Needed for TLS, because the certificate contains this name',
    expected: 'a fully qualified domain name',
    schema: nodeReportSchema.shape.hostname.unwrap(),
  },
  TURN_ADDRESS: {
    meaning: 'Address at which the reporter probes the TURN server',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
    default: '127.0.0.1',
  },
  TURN_ADDRESS_IPV6: {
    meaning:
      'IPv6 address at which the reporter probes the TURN server. Default: TURN_ADDRESS if it is an IPv6 address, otherwise ::1. PUBLIC_IPV6 is published only while every transport that works over IPv4 also works over IPv6',
    expected: 'an IPv6 address without brackets',
    schema: z.ipv6(),
  },
  TURN_PORT: { meaning: 'Port of TURN over UDP and TCP', ...portSetting, default: '3478' },
  TURN_TLS_PORT: { meaning: 'Port of TURN over TLS. If unset, the server offers no TLS', ...portSetting },
  TURN_CLI_PASSWORD: {
    meaning:
      "Password of coturn's CLI on this host. The reporter uses the CLI to end the relays of revoked users. Needs REDIS_URL. If unset, these relays continue until they expire or the users end them",
    expected: '16–100 characters of letters, digits and "._~+/=-"',
    schema: z.string().regex(/^[A-Za-z0-9._~+/=-]{16,100}$/),
    secret: true,
  },
  TURN_CLI_PORT: { meaning: "Port of coturn's CLI on 127.0.0.1", ...portSetting, default: '5766' },
  TURN_REALM: {
    meaning: 'Realm that the TURN server must use. If unset, the reporter accepts any realm, as browsers do',
    expected: '1–127 characters',
    schema: z.string().min(1).max(127),
  },
  RELAY_MIN_PORT: {
    meaning:
      'First relay port of the TURN server. The reporter counts each port in use between this port and RELAY_MAX_PORT as an allocation',
    ...portSetting,
    default: '49152',
  },
  RELAY_MAX_PORT: { meaning: 'Last relay port of the TURN server', ...portSetting, default: '65535' },
  ...turnSecretSettings,
  TURN_SECRET_MODE: {
    meaning:
      'per-node, only with FLEET_FILE: TURN_SECRETS contains master keys, and the reporter derives the secrets of each node from them. For a single node, leave this setting unset, and set TURN_SECRETS to the derived secrets',
    ...turnSecretModeSetting,
  },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof turnNodeSettings>>;

/** Checks the rules between these settings. Does not check the secrets. `given` contains the names of all settings that are set, including invalid settings. */
export function findTurnNodeFaults(values: Values, given: ReadonlySet<string>): FieldFault[] {
  const addresses: (keyof Values)[] = ['PUBLIC_IP', 'PUBLIC_IPV6', 'TURN_HOSTNAME'];
  const faults: FieldFault[] = [];
  if (!addresses.some((name) => given.has(name))) {
    faults.push({
      field: 'PUBLIC_IP',
      detail: 'Missing: expected at least one of PUBLIC_IP, PUBLIC_IPV6 and TURN_HOSTNAME',
    });
  }
  if (given.has('TURN_TLS_PORT') && !given.has('TURN_HOSTNAME')) {
    faults.push({
      field: 'TURN_HOSTNAME',
      detail: 'Missing: expected the name in the certificate, because TURN_TLS_PORT is set',
    });
  }
  return [...faults, ...findMasterKeysFault(values), ...findAddressFamilyFault(values), ...findPortRangeFault(values)];
}

/** In the mode per-node, TURN_SECRETS contains master keys. A single node must not have master keys. */
export function findMasterKeysFault({ TURN_SECRET_MODE: mode }: Pick<Values, 'TURN_SECRET_MODE'>): FieldFault[] {
  if (mode !== 'per-node') return [];
  const detail =
    'per-node is not allowed for a single node: unset TURN_SECRET_MODE, and set TURN_SECRETS to the output of "turnctl secrets derive"';
  return [{ field: 'TURN_SECRET_MODE', detail }];
}

function findAddressFamilyFault({ PUBLIC_IP, TURN_ADDRESS = '' }: Values): FieldFault[] {
  if (PUBLIC_IP === undefined || !isIPv6(TURN_ADDRESS)) return [];
  const detail =
    'This is an IPv6 address, but PUBLIC_IP needs probes over IPv4: set TURN_ADDRESS to an IPv4 address or a host name, and TURN_ADDRESS_IPV6 to the IPv6 address';
  return [{ field: 'TURN_ADDRESS', detail }];
}

function findPortRangeFault({ RELAY_MIN_PORT: min, RELAY_MAX_PORT: max }: Values): FieldFault[] {
  if (min === undefined || max === undefined || min <= max) return [];
  return [{ field: 'RELAY_MIN_PORT', detail: `Too big: expected at most RELAY_MAX_PORT (${max})` }];
}
