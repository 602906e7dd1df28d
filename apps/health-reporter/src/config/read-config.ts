import {
  probedHosts,
  readSettings,
  type Environment,
  type ReadSettings,
  type SettingValues,
} from '@turn-router/settings';
import { readKeyRing } from '@turn-router/turn-credentials';
import { findSettingConflicts } from './find-setting-conflicts.ts';
import type { Destination, ReporterConfig, ReporterSecrets } from './reporter-config.ts';
import { settings } from './settings.ts';

type Values = SettingValues<typeof settings>;

/** A report outlives two that were lost. */
const intervalsPerTtl = 3;

/** The largest part of an interval that a probe may take, so that its report still goes out within the interval. */
const probeShareOfInterval = 0.8;

/** An exporter beside the reporter answers within milliseconds; a silent one gets what a probe leaves of the interval, at most this. */
const longestMetricsTimeoutMs = 1_000;

/** How this reporter runs, from its environment and the files that it names; or everything that is wrong with them. */
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
  return {
    key: { region: values.REGION, id: values.NODE_ID },
    identity: {
      public_ip: values.PUBLIC_IP,
      public_ipv6: values.PUBLIC_IPV6,
      hostname: values.TURN_HOSTNAME,
      port: values.TURN_PORT,
      tls_port: values.TURN_TLS_PORT,
      bandwidth_capacity_mbps: values.BANDWIDTH_CAPACITY_MBPS,
      zone: values.ZONE,
    },
    target: {
      hosts: probedHosts(values),
      ports: {
        udp: values.TURN_PORT,
        tcp: values.TURN_PORT,
        ...(values.TURN_TLS_PORT !== undefined && { tls: values.TURN_TLS_PORT }),
      },
      serverName: values.TURN_HOSTNAME,
      realm: values.TURN_REALM,
      proof: values.PROBE_PROOF,
      proofIntervalMs: values.PROBE_PROOF_INTERVAL_SECONDS * 1000,
      proofsInRow: values.PROBE_SUCCESS_THRESHOLD,
      timeoutMs: Math.floor(Math.min(values.PROBE_TIMEOUT_SECONDS * 1000, intervalMs * probeShareOfInterval)),
    },
    thresholds: { success: values.PROBE_SUCCESS_THRESHOLD, failure: values.PROBE_FAILURE_THRESHOLD },
    networkInterfaces: values.NETWORK_INTERFACE,
    bandwidthWindowMs: values.BANDWIDTH_WINDOW_SECONDS * 1000,
    metricsUrl: values.TURN_METRICS_URL,
    metricsTimeoutMs: Math.min(longestMetricsTimeoutMs, Math.round(intervalMs * (1 - probeShareOfInterval))),
    relayPorts: { min: values.RELAY_MIN_PORT, max: values.RELAY_MAX_PORT },
    cpuScope: values.CPU_SCOPE,
    intervalMs,
    ttlMs: Math.round(intervalMs * intervalsPerTtl),
    deadlines: { leaveMs: values.DRAIN_SECONDS * 1000, stayAwayMs: values.DRAIN_FILE_SECONDS * 1000 },
    drainFile: values.DRAIN_FILE,
    turnPidFile: values.TURN_PID_FILE,
    logLevel: values.LOG_LEVEL,
  };
}

function secretsFrom(values: Values): ReporterSecrets {
  const { keyRing } = readKeyRing(values);
  const destination = destinationFrom(values);
  // Only the compiler cannot see that findSettingConflicts has already refused this.
  if (!keyRing || !destination) throw new Error('Neither a key ring nor a destination may be missing here');
  return { keyRing, destination };
}

function destinationFrom({ REDIS_URL, ROUTER_URL, REPORTER_TOKEN }: Values): Destination | undefined {
  if (REDIS_URL !== undefined) return { kind: 'redis', url: REDIS_URL };
  if (ROUTER_URL === undefined || REPORTER_TOKEN === undefined) return undefined;
  return { kind: 'router', url: ROUTER_URL, token: REPORTER_TOKEN };
}
