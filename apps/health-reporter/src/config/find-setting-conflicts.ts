import type { FieldFault } from '@turn-router/contract/http';
import { findRedisUrlFault, parseRedisUrls } from '@turn-router/registry';
import { findChoiceFault, findTurnNodeFaults, type SettingValues } from '@turn-router/settings';
import { readKeyRing } from '@turn-router/turn-credentials';
import type { settings } from './settings.ts';

type Values = Partial<SettingValues<typeof settings>>;

/** Finds all conflicts between settings. `given` holds the names of all settings that are set, valid or not. */
export function findSettingConflicts(values: Values, given: ReadonlySet<string>): FieldFault[] {
  return [
    ...findTurnNodeFaults(values, given),
    ...findDestinationConflicts(values, given),
    ...findUselessPassword(given),
    ...findWatchSettings(given),
  ];
}

/** Finds the conflicts between the settings of the keys, and between the settings of the destination of reports. */
export function findDestinationConflicts(
  values: Pick<Values, 'TURN_SECRETS' | 'TURN_SECRET' | 'REDIS_URL'>,
  given: ReadonlySet<string>,
): FieldFault[] {
  return [
    ...findMissingToken(given),
    ...findUselessProbeRouter(given),
    ...findChoiceFault(given, 'TURN_SECRETS', 'TURN_SECRET'),
    ...readKeyRing(values).faults,
    ...findChoiceFault(given, 'REDIS_URL', 'ROUTER_URL'),
    ...findBadRedisUrl(values),
  ];
}

/** Refuses TURN_CLI_PASSWORD with ROUTER_URL, because routers do not send revocations to reporters. */
function findUselessPassword(given: ReadonlySet<string>): FieldFault[] {
  if (!given.has('TURN_CLI_PASSWORD') || !given.has('ROUTER_URL')) return [];
  const detail = 'Not possible with ROUTER_URL: expected REDIS_URL instead, because only Redis has the revocations';
  return [{ field: 'TURN_CLI_PASSWORD', detail }];
}

/** Refuses the settings of a fleet watch, because the reporter of one node would ignore them. */
function findWatchSettings(given: ReadonlySet<string>): FieldFault[] {
  return ['WATCH_ID', 'WATCH_REGION']
    .filter((name) => given.has(name))
    .map((field) => ({
      field,
      detail: 'Not possible without FLEET_FILE, because this setting belongs to a fleet watch',
    }));
}

function findMissingToken(given: ReadonlySet<string>): FieldFault[] {
  const router = ['ROUTER_URL', 'PROBE_ROUTER_URL'].find((name) => given.has(name));
  if (router === undefined || given.has('REPORTER_TOKEN')) return [];
  return [
    { field: 'REPORTER_TOKEN', detail: `Missing: expected the router's REPORTER_TOKEN, because ${router} is set` },
  ];
}

/** Refuses a second router, because the router that receives the reports also signs credentials. */
function findUselessProbeRouter(given: ReadonlySet<string>): FieldFault[] {
  if (!given.has('PROBE_ROUTER_URL') || !given.has('ROUTER_URL')) return [];
  const detail = 'Not possible with ROUTER_URL: this router also signs the credentials for probes';
  return [{ field: 'PROBE_ROUTER_URL', detail }];
}

function findBadRedisUrl({ REDIS_URL }: Pick<Values, 'REDIS_URL'>): FieldFault[] {
  if (REDIS_URL !== undefined && parseRedisUrls(REDIS_URL).length > 1) {
    return [{ field: 'REDIS_URL', detail: 'Too many URLs: expected one URL, because a node reports to one registry' }];
  }
  const fault = REDIS_URL === undefined ? undefined : findRedisUrlFault(REDIS_URL);
  return fault === undefined ? [] : [{ field: 'REDIS_URL', detail: fault }];
}
