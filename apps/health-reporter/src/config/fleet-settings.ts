import type { Settings } from '@turn-router/settings';
import { settings } from './settings.ts';

const {
  FLEET_FILE,
  TURN_REALM,
  TURN_SECRETS,
  TURN_SECRET,
  TURN_SECRET_MODE,
  REDIS_URL,
  ROUTER_URL,
  REPORTER_TOKEN,
  PROBE_ROUTER_URL,
  REPORT_INTERVAL_SECONDS,
  PROBE_TIMEOUT_SECONDS,
  PROBE_PROOF,
  PROBE_PROOF_INTERVAL_SECONDS,
  PROBE_SUCCESS_THRESHOLD,
  PROBE_FAILURE_THRESHOLD,
  OUTSIDE_PROBE_INTERVAL_SECONDS,
  WATCH_ID,
  WATCH_REGION,
  LOG_LEVEL,
} = settings;
const { meaning, expected, schema, explain } = settings.REGION;

/** The settings of a fleet watch. The settings of each node are in the file. */
export const fleetSettings = {
  FLEET_FILE: { ...FLEET_FILE, required: true },
  REGION: { meaning, expected, schema, explain },
  TURN_REALM,
  TURN_SECRETS,
  TURN_SECRET,
  TURN_SECRET_MODE,
  REDIS_URL,
  ROUTER_URL,
  REPORTER_TOKEN,
  PROBE_ROUTER_URL,
  REPORT_INTERVAL_SECONDS,
  PROBE_TIMEOUT_SECONDS,
  PROBE_PROOF,
  PROBE_PROOF_INTERVAL_SECONDS,
  PROBE_SUCCESS_THRESHOLD,
  PROBE_FAILURE_THRESHOLD,
  OUTSIDE_PROBE_INTERVAL_SECONDS,
  WATCH_ID,
  WATCH_REGION,
  LOG_LEVEL,
} as const satisfies Settings;
