import type { FieldFault } from '@turn-router/contract';
import type { SettingName } from './settings.ts';

/** Everything that the settings must keep among themselves; `given` holds the names that are set, rightly or not. */
export function findSettingConflicts(given: ReadonlySet<string>): FieldFault[] {
  const addresses: SettingName[] = ['PUBLIC_IP', 'PUBLIC_IPV6', 'TURN_HOSTNAME'];
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
  faults.push(...exactlyOne(given, 'TURN_SECRETS', 'TURN_SECRET'), ...exactlyOne(given, 'REDIS_URL', 'ROUTER_URL'));
  if (given.has('ROUTER_URL') && !given.has('REPORTER_TOKEN')) {
    faults.push({
      field: 'REPORTER_TOKEN',
      detail: "Missing: expected the router's REPORTER_TOKEN, as ROUTER_URL is set",
    });
  }
  return faults;
}

function exactlyOne(given: ReadonlySet<string>, first: SettingName, second: SettingName): FieldFault[] {
  if (given.has(first) !== given.has(second)) return [];
  return given.has(first)
    ? [{ field: second, detail: `Set together with ${first}: expected only one of them` }]
    : [{ field: first, detail: `Missing: expected ${first} or ${second}` }];
}
