import type { FieldFault } from '@turn-router/contract/http';
import { nodeReportSchema } from '@turn-router/contract/registry';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { Settings, SettingValues } from './setting.ts';
import { portSetting, turnSecretModeSetting, turnSecretSettings } from './setting-kinds.ts';

/** The settings that describe a TURN server. The health-reporter and `turnctl config` both read them, so report and configuration agree. */
export const turnNodeSettings = {
  PUBLIC_IP: {
    meaning: 'IPv4 address that clients connect to. At least one of PUBLIC_IP, PUBLIC_IPV6 and TURN_HOSTNAME is needed',
    expected: 'an IPv4 address',
    schema: z.ipv4(),
  },
  PUBLIC_IPV6: { meaning: 'IPv6 address that clients connect to', expected: 'an IPv6 address', schema: z.ipv6() },
  TURN_HOSTNAME: {
    meaning: 'Host name that clients connect to. TLS needs it, because it is the name in the certificate',
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
      "IPv6 address for the reporter's probes of PUBLIC_IPV6. Default: TURN_ADDRESS if it is IPv6, else ::1. PUBLIC_IPV6 is published only while IPv6 proves every transport that IPv4 does",
    expected: 'an IPv6 address without brackets',
    schema: z.ipv6(),
  },
  TURN_PORT: { meaning: 'Port of TURN over UDP and TCP', ...portSetting, default: '3478' },
  TURN_TLS_PORT: { meaning: 'Port of TURN over TLS. Unset: no TLS', ...portSetting },
  TURN_CLI_PASSWORD: {
    meaning:
      "Password of coturn's CLI on this host, with which the reporter ends relays of revoked users. Needs REDIS_URL. Unset: these relays run until they end by themselves",
    expected: '16–100 characters of letters, digits and "._~+/=-"',
    schema: z.string().regex(/^[A-Za-z0-9._~+/=-]{16,100}$/),
    secret: true,
  },
  TURN_CLI_PORT: { meaning: "Port of coturn's CLI on 127.0.0.1", ...portSetting, default: '5766' },
  TURN_REALM: {
    meaning: 'Realm that the TURN server must use. Unset: any realm is accepted, as browsers do',
    expected: '1–127 characters',
    schema: z.string().min(1).max(127),
  },
  RELAY_MIN_PORT: {
    meaning: 'First relay port of the TURN server. The bound ports in this range are counted as allocations',
    ...portSetting,
    default: '49152',
  },
  RELAY_MAX_PORT: { meaning: 'Last relay port of the TURN server', ...portSetting, default: '65535' },
  ...turnSecretSettings,
  TURN_SECRET_MODE: {
    meaning:
      "per-node (FLEET_FILE only): TURN_SECRETS are master keys, from which the reporter derives each node's secrets. Single node: leave it unset, and give TURN_SECRETS the derived secrets",
    ...turnSecretModeSetting,
  },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof turnNodeSettings>>;

/** Checks the rules between these settings, except those of the secrets. `given` holds the names of all settings that are set, valid or not. */
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

/** The mode per-node means that TURN_SECRETS holds master keys, which a single node must not have. */
function findMasterKeysFault({ TURN_SECRET_MODE: mode }: Values): FieldFault[] {
  if (mode !== 'per-node') return [];
  const detail =
    'per-node is not allowed for a single node: expected it unset, and TURN_SECRETS with the output of "turnctl secrets derive"';
  return [{ field: 'TURN_SECRET_MODE', detail }];
}

function findAddressFamilyFault({ PUBLIC_IP, TURN_ADDRESS = '' }: Values): FieldFault[] {
  if (PUBLIC_IP === undefined || !isIPv6(TURN_ADDRESS)) return [];
  const detail =
    'IPv6 address, which cannot prove PUBLIC_IP: expected an IPv4 address or a host name; set TURN_ADDRESS_IPV6 for IPv6';
  return [{ field: 'TURN_ADDRESS', detail }];
}

function findPortRangeFault({ RELAY_MIN_PORT: min, RELAY_MAX_PORT: max }: Values): FieldFault[] {
  if (min === undefined || max === undefined || min <= max) return [];
  return [{ field: 'RELAY_MIN_PORT', detail: `Too big: expected at most RELAY_MAX_PORT (${max})` }];
}
