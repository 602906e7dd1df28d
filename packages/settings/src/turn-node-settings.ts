import type { FieldFault } from '@turn-router/contract/http';
import { nodeReportSchema } from '@turn-router/contract/registry';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { Settings, SettingValues } from './setting.ts';
import { portSetting, turnSecretModeSetting, turnSecretSettings } from './setting-kinds.ts';

/** What a TURN server is: read by whoever reports of it and by whoever writes its configuration, so that the two agree. */
export const turnNodeSettings = {
  PUBLIC_IP: {
    meaning: 'IPv4 address that clients dial (one of the three is needed)',
    expected: 'an IPv4 address',
    schema: z.ipv4(),
  },
  PUBLIC_IPV6: { meaning: 'IPv6 address that clients dial', expected: 'an IPv6 address', schema: z.ipv6() },
  TURN_HOSTNAME: {
    meaning: 'Name that clients dial; the name in the certificate, so needed for TLS',
    expected: 'a fully qualified domain name',
    schema: nodeReportSchema.shape.hostname.unwrap(),
  },
  TURN_ADDRESS: {
    meaning: 'Where the reporter reaches the TURN server that it probes',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
    default: '127.0.0.1',
  },
  TURN_ADDRESS_IPV6: {
    meaning:
      'The same over IPv6, probed where PUBLIC_IPV6 is set; unset: TURN_ADDRESS where that is an IPv6 address, else ::1. Published only where it brings all that IPv4 does',
    expected: 'an IPv6 address without brackets',
    schema: z.ipv6(),
  },
  TURN_PORT: { meaning: 'TURN over UDP and TCP', ...portSetting, default: '3478' },
  TURN_TLS_PORT: { meaning: 'TURN over TLS; unset: no TLS', ...portSetting },
  TURN_CLI_PASSWORD: {
    meaning:
      "Password of coturn's CLI on this host, by which relays of revoked users are ended; needs REDIS_URL. Unset: they go on until they end by themselves",
    expected: '16–100 characters of letters, digits and "._~+/=-"',
    schema: z.string().regex(/^[A-Za-z0-9._~+/=-]{16,100}$/),
    secret: true,
  },
  TURN_CLI_PORT: { meaning: 'Port of that CLI, on 127.0.0.1', ...portSetting, default: '5766' },
  TURN_REALM: {
    meaning: 'Realm that the TURN server must have; unset: any, as for browsers',
    expected: '1–127 characters',
    schema: z.string().min(1).max(127),
  },
  RELAY_MIN_PORT: {
    meaning: 'First relay port of the TURN server; its bound ports are the allocations',
    ...portSetting,
    default: '49152',
  },
  RELAY_MAX_PORT: { meaning: 'Last relay port of the TURN server', ...portSetting, default: '65535' },
  ...turnSecretSettings,
  TURN_SECRET_MODE: {
    meaning:
      'per-node, with FLEET_FILE only: TURN_SECRETS are the master keys of the routers, and each node is probed with what is derived of them for it. One node is given its own secrets, and no mode',
    ...turnSecretModeSetting,
  },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof turnNodeSettings>>;

/** What these settings must keep among themselves, but for the secrets; `given` holds the names that are set, rightly or not. */
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
      detail: 'Missing: expected the name in the certificate, as TURN_TLS_PORT is set',
    });
  }
  return [...faults, ...findMasterKeys(values), ...findUnprovenAddress(values), ...findEmptyRange(values)];
}

/** A mode that was meant for routers comes with their master keys. */
function findMasterKeys({ TURN_SECRET_MODE: mode }: Values): FieldFault[] {
  if (mode !== 'per-node') return [];
  const detail =
    'Set to per-node for one node, which may hold no master key: expected none, and what "turnctl secrets derive" makes for it in TURN_SECRETS';
  return [{ field: 'TURN_SECRET_MODE', detail }];
}

function findUnprovenAddress({ PUBLIC_IP, TURN_ADDRESS = '' }: Values): FieldFault[] {
  if (PUBLIC_IP === undefined || !isIPv6(TURN_ADDRESS)) return [];
  const detail = 'IPv6 proves nothing of PUBLIC_IP: expected an IPv4 address or a name; TURN_ADDRESS_IPV6 is for IPv6';
  return [{ field: 'TURN_ADDRESS', detail }];
}

function findEmptyRange({ RELAY_MIN_PORT: min, RELAY_MAX_PORT: max }: Values): FieldFault[] {
  if (min === undefined || max === undefined || min <= max) return [];
  return [{ field: 'RELAY_MIN_PORT', detail: `Too big: expected at most RELAY_MAX_PORT (${max})` }];
}
