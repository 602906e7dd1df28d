import type { FieldFault } from '@turn-router/contract';
import { findRedisUrlFault, parseRedisUrls } from '@turn-router/registry';
import { findChoiceFault, type SettingValues } from '@turn-router/settings';
import { readKeyRing } from '@turn-router/turn-credentials';
import { isIPv6 } from 'node:net';
import type { settings } from './settings.ts';

type Values = Partial<SettingValues<typeof settings>>;

/** Everything that the settings must keep among themselves; `given` holds the names that are set, rightly or not. */
export function findSettingConflicts(values: Values, given: ReadonlySet<string>): FieldFault[] {
  return [
    ...findMissing(given),
    ...findChoiceFault(given, 'TURN_SECRETS', 'TURN_SECRET'),
    ...readKeyRing(values).faults,
    ...findChoiceFault(given, 'REDIS_URL', 'ROUTER_URL'),
    ...findUnprovenAddress(values),
    ...findEmptyRange(values),
    ...findBadRedisUrl(values),
  ];
}

/** What other settings, or their absence, make necessary. */
function findMissing(given: ReadonlySet<string>): FieldFault[] {
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
  if (given.has('ROUTER_URL') && !given.has('REPORTER_TOKEN')) {
    faults.push({
      field: 'REPORTER_TOKEN',
      detail: "Missing: expected the router's REPORTER_TOKEN, as ROUTER_URL is set",
    });
  }
  return faults;
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

function findBadRedisUrl({ REDIS_URL }: Values): FieldFault[] {
  if (REDIS_URL !== undefined && parseRedisUrls(REDIS_URL).length > 1) {
    return [{ field: 'REDIS_URL', detail: 'Too many URLs: expected one, as a node reports to one registry' }];
  }
  const fault = REDIS_URL === undefined ? undefined : findRedisUrlFault(REDIS_URL);
  return fault === undefined ? [] : [{ field: 'REDIS_URL', detail: fault }];
}
