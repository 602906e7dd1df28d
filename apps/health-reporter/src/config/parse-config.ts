import type { FieldFault } from '@turn-router/contract';
import { keyRingFromSecret, parseKeyRing, type KeyRing } from '@turn-router/turn-credentials';
import { findRedisUrlFault } from '@turn-router/registry';
import { findSettingConflicts } from './find-setting-conflicts.ts';
import { isComplete, parseSettings, type Environment, type SettingValues } from './parse-settings.ts';
import type { Destination, ReporterConfig, ReporterSecrets } from './reporter-config.ts';
import { settings } from './settings.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: ReporterConfig; readonly secrets: ReporterSecrets }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** A report outlives two that were lost. */
const intervalsPerTtl = 3;

/** The largest part of an interval that a probe may take, so that its report still goes out within the interval. */
const probeShareOfInterval = 0.8;

/** Reads all settings; all faults come back at once and name no secret. */
export function parseConfig(environment: Environment): ParsedConfig {
  const { values, faults } = parseSettings(environment);
  const ring = parseRing(values);
  const allFaults = [
    ...faults,
    ...findSettingConflicts(givenNames(environment)),
    ...ring.faults,
    ...findEmptyRange(values),
    ...findBadRedisUrl(values),
  ];
  const destination = destinationFrom(values);
  // What is required or has a default can only be missing where a fault says so.
  if (allFaults.length > 0 || !isComplete(values) || ring.keyRing === undefined || destination === undefined) {
    return { ok: false, faults: allFaults };
  }
  return { ok: true, config: configFrom(values), secrets: { keyRing: ring.keyRing, destination } };
}

function configFrom(values: SettingValues): ReporterConfig {
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
    },
    target: {
      host: values.TURN_ADDRESS,
      ports: {
        udp: values.TURN_PORT,
        tcp: values.TURN_PORT,
        ...(values.TURN_TLS_PORT !== undefined && { tls: values.TURN_TLS_PORT }),
      },
      serverName: values.TURN_HOSTNAME,
      timeoutMs: Math.floor(Math.min(values.PROBE_TIMEOUT_SECONDS * 1000, intervalMs * probeShareOfInterval)),
    },
    thresholds: { success: values.PROBE_SUCCESS_THRESHOLD, failure: values.PROBE_FAILURE_THRESHOLD },
    networkInterface: values.NETWORK_INTERFACE,
    relayPorts: { min: values.RELAY_MIN_PORT, max: values.RELAY_MAX_PORT },
    cpuScope: values.CPU_SCOPE,
    intervalMs,
    ttlMs: Math.round(intervalMs * intervalsPerTtl),
    drainMs: values.DRAIN_SECONDS * 1000,
    logLevel: values.LOG_LEVEL,
  };
}

function destinationFrom({ REDIS_URL, ROUTER_URL, REPORTER_TOKEN }: Partial<SettingValues>): Destination | undefined {
  if (REDIS_URL !== undefined) return { kind: 'redis', url: REDIS_URL };
  if (ROUTER_URL === undefined || REPORTER_TOKEN === undefined) return undefined;
  return { kind: 'router', url: ROUTER_URL, token: REPORTER_TOKEN };
}

function parseRing({ TURN_SECRETS, TURN_SECRET }: Partial<SettingValues>): {
  keyRing?: KeyRing;
  faults: FieldFault[];
} {
  const field = TURN_SECRETS === undefined ? 'TURN_SECRET' : 'TURN_SECRETS';
  const parsed =
    TURN_SECRETS === undefined ? TURN_SECRET && keyRingFromSecret(TURN_SECRET) : parseKeyRing(TURN_SECRETS);
  if (!parsed) return { faults: [] };
  return parsed.ok
    ? { keyRing: parsed.keyRing, faults: [] }
    : { faults: parsed.faults.map((detail) => ({ field, detail })) };
}

function findEmptyRange({ RELAY_MIN_PORT: min, RELAY_MAX_PORT: max }: Partial<SettingValues>): FieldFault[] {
  if (min === undefined || max === undefined || min <= max) return [];
  return [{ field: 'RELAY_MIN_PORT', detail: `Too big: expected at most RELAY_MAX_PORT (${max})` }];
}

function findBadRedisUrl({ REDIS_URL }: Partial<SettingValues>): FieldFault[] {
  const fault = REDIS_URL === undefined ? undefined : findRedisUrlFault(REDIS_URL);
  return fault === undefined ? [] : [{ field: 'REDIS_URL', detail: fault }];
}

function givenNames(environment: Environment): Set<string> {
  return new Set(Object.keys(settings).filter((name) => environment[name] || environment[`${name}_FILE`]));
}
