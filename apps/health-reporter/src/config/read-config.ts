import {
  probedHosts,
  readSettings,
  type Environment,
  type ReadSettings,
  type SettingValues,
} from '@turn-router/settings';
import { readKeyRing } from '@turn-router/turn-credentials';
import type { Destination } from '../publish/open-publisher.ts';
import { findSettingConflicts } from './find-setting-conflicts.ts';
import { probeShareOfInterval, probeTargetFrom } from './probe-target-from.ts';
import type { ReporterConfig, ReporterSecrets } from './reporter-config.ts';
import { settings } from './settings.ts';

type Values = SettingValues<typeof settings>;

type SecretValues = Pick<
  Values,
  'TURN_SECRETS' | 'TURN_SECRET' | 'REDIS_URL' | 'ROUTER_URL' | 'REPORTER_TOKEN' | 'PROBE_ROUTER_URL'
> &
  Partial<Pick<Values, 'TURN_CLI_PASSWORD'>>;

/** With three intervals, a record survives two lost reports. */
const intervalsPerTtl = 3;

/** The TTL of a report in the registry. */
export function reportTtlMs(intervalMs: number): number {
  return Math.round(intervalMs * intervalsPerTtl);
}

/** The maximum timeout of the exporter, ms. If the part of the interval after the probe is shorter, that part is the timeout. A local exporter needs only milliseconds. */
const metricsTimeoutMaxMs = 1_000;

/** Reads the configuration from the environment, and from files that the settings name. Returns all faults together. */
export function readConfig(
  environment: Environment,
): ReadSettings<{ readonly config: ReporterConfig; readonly secrets: ReporterSecrets }> {
  return readSettings(
    {
      settings,
      findFaults: findSettingConflicts,
      configFrom: (values) => ({ config: configFrom(values), secrets: secretsFrom(values) }),
    },
    environment,
  );
}

function configFrom(values: Values): ReporterConfig {
  const intervalMs = values.REPORT_INTERVAL_SECONDS * 1000;
  const thresholds = { success: values.PROBE_SUCCESS_THRESHOLD, failure: values.PROBE_FAILURE_THRESHOLD };
  const identity = {
    public_ip: values.PUBLIC_IP,
    public_ipv6: values.PUBLIC_IPV6,
    hostname: values.TURN_HOSTNAME,
    port: values.TURN_PORT,
    tls_port: values.TURN_TLS_PORT,
    bandwidth_capacity_mbps: values.BANDWIDTH_CAPACITY_MBPS,
    zone: values.ZONE,
  };
  return {
    key: { region: values.REGION, id: values.NODE_ID },
    identity,
    target: probeTargetFrom({
      hosts: probedHosts(values),
      realm: values.TURN_REALM,
      proof: values.PROBE_PROOF,
      proofIntervalSeconds: values.PROBE_PROOF_INTERVAL_SECONDS,
      timeoutSeconds: values.PROBE_TIMEOUT_SECONDS,
      identity,
      thresholds,
      intervalMs,
    }),
    thresholds,
    networkInterfaces: values.NETWORK_INTERFACE,
    bandwidthWindowMs: values.BANDWIDTH_WINDOW_SECONDS * 1000,
    metricsUrl: values.TURN_METRICS_URL,
    metricsTimeoutMs: Math.min(metricsTimeoutMaxMs, Math.round(intervalMs * (1 - probeShareOfInterval))),
    relayPorts: { min: values.RELAY_MIN_PORT, max: values.RELAY_MAX_PORT },
    cpuScope: values.CPU_SCOPE,
    intervalMs,
    ttlMs: reportTtlMs(intervalMs),
    deadlines: { stopMs: values.DRAIN_SECONDS * 1000, withdrawMs: values.DRAIN_FILE_SECONDS * 1000 },
    handOverMs: values.HAND_OVER_SECONDS * 1000,
    drainOnSigterm: values.DRAIN_ON_SIGTERM,
    drainFile: values.DRAIN_FILE,
    turnPidFile: values.TURN_PID_FILE,
    turnCliPort: values.TURN_CLI_PORT,
    outsideEveryMs: values.OUTSIDE_PROBES ? values.OUTSIDE_PROBE_INTERVAL_SECONDS * 1000 : undefined,
    logLevel: values.LOG_LEVEL,
  };
}

/** Reads the keys and the destination from valid settings. */
export function secretsFrom(values: SecretValues): ReporterSecrets {
  const { keyRing } = readKeyRing(values);
  const destination = destinationFrom(values);
  // This never happens, because findDestinationConflicts has refused it. The compiler needs the check.
  if (!keyRing || !destination) throw new Error('Missing key ring or destination: expected both after validation');
  return { keyRing, destination, turnCliPassword: values.TURN_CLI_PASSWORD };
}

function destinationFrom(values: SecretValues): Destination | undefined {
  const { REDIS_URL, ROUTER_URL, REPORTER_TOKEN, PROBE_ROUTER_URL } = values;
  if (REDIS_URL !== undefined) {
    const asksRouter = PROBE_ROUTER_URL !== undefined && REPORTER_TOKEN !== undefined;
    return {
      kind: 'redis',
      url: REDIS_URL,
      ...(asksRouter && { probeRouter: { url: PROBE_ROUTER_URL, token: REPORTER_TOKEN } }),
    };
  }
  if (ROUTER_URL === undefined || REPORTER_TOKEN === undefined) return undefined;
  return { kind: 'router', url: ROUTER_URL, token: REPORTER_TOKEN };
}
