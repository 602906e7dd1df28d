import type { FieldFault } from '@turn-router/contract/http';
import { readSettings, type Environment, type ReadSettings, type SettingValues } from '@turn-router/settings';
import { isIPv6 } from 'node:net';
import type { WatchedNode } from '../fleet/watched-node.ts';
import type { ProbeTarget } from '../probe/probe-target.ts';
import { findDestinationConflicts } from './find-setting-conflicts.ts';
import type { FleetConfig } from './fleet-config.ts';
import type { FleetFile, FleetFileNode } from './fleet-file/fleet-file-schema.ts';
import { nodesFromFleetFile } from './fleet-file/nodes-from-fleet-file.ts';
import { readFleetFile } from './fleet-file/read-fleet-file.ts';
import { fleetSettings } from './fleet-settings.ts';
import { probeTargetFrom } from './probe-target-from.ts';
import { reportTtlMs, secretsFrom } from './read-config.ts';
import type { ReporterSecrets } from './reporter-config.ts';
import { settings } from './settings.ts';

type Values = SettingValues<typeof fleetSettings>;

/** The rounds that a restart takes beyond the success threshold. The previous record of a node must not expire before the node is proven again. */
const roundsAtRestart = 2;

/** The longest TTL that routers accept, ms. */
const ttlMaxMs = 300_000;

/** Reads the configuration of a fleet watch from FLEET_FILE and the environment. Returns all faults together. */
export function readFleetConfig(
  environment: Environment,
): ReadSettings<{ readonly fleet: FleetConfig; readonly secrets: ReporterSecrets }> {
  const read = readFleetFile(environment['FLEET_FILE'] ?? '', environment['REGION'] || undefined);
  return readSettings(
    {
      settings: fleetSettings,
      findFaults: (values, given) => [
        ...findSettingsOfOneNode(environment),
        ...findDestinationConflicts(values, given),
        ...(read.ok ? findWatchFaults(values, given, read.file) : read.faults),
      ],
      configFrom(values) {
        // This never happens, because findFaults has refused it. The compiler needs the check.
        if (!read.ok) throw new Error('Missing fleet file: expected one after validation');
        return { fleet: fleetFrom(read.file, values), secrets: secretsFrom(values) };
      },
    },
    environment,
  );
}

/** Refuses settings of one node, because the watch would ignore them. */
function findSettingsOfOneNode(environment: Environment): FieldFault[] {
  return Object.keys(settings)
    .filter((name) => environment[name] && !Object.hasOwn(fleetSettings, name))
    .map((field) => ({
      field,
      detail: 'Not allowed with FLEET_FILE, because this setting belongs to one node: set it in that file',
    }));
}

/** Finds the faults of the name under which the watch proves nodes. */
function findWatchFaults(
  { WATCH_ID: id, WATCH_REGION, REGION }: Partial<Values>,
  given: ReadonlySet<string>,
  file: FleetFile,
): FieldFault[] {
  if (!given.has('WATCH_ID')) {
    return given.has('WATCH_REGION') ? [{ field: 'WATCH_REGION', detail: 'Not possible without WATCH_ID' }] : [];
  }
  const region = WATCH_REGION ?? REGION;
  if (!given.has('WATCH_REGION') && !given.has('REGION')) {
    const detail = 'Missing: expected WATCH_REGION or REGION, because WATCH_ID is set';
    return [{ field: 'WATCH_REGION', detail }];
  }
  const isNode = nodesFromFleetFile(file).some((node) => node.id === id && (node.region ?? REGION) === region);
  return isNode
    ? [{ field: 'WATCH_ID', detail: `Name of a node of FLEET_FILE: expected a name that no node of ${region} has` }]
    : [];
}

function fleetFrom(file: FleetFile, values: Values): FleetConfig {
  return {
    nodes: nodesFromFleetFile(file).map((node) => watchedNodeFrom(node, file, values)),
    secretMode: values.TURN_SECRET_MODE,
    load: file.loadBalancer,
    prober: proberFrom(values),
    unusedFields: (['webApi', 'logLevel'] as const).filter((field) => file[field] !== undefined),
    logLevel: values.LOG_LEVEL,
  };
}

function proberFrom({
  WATCH_ID: id,
  WATCH_REGION,
  REGION,
  OUTSIDE_PROBE_INTERVAL_SECONDS,
}: Values): FleetConfig['prober'] {
  const region = WATCH_REGION ?? REGION;
  if (id === undefined || region === undefined) return undefined;
  return { key: { region, id }, everyMs: OUTSIDE_PROBE_INTERVAL_SECONDS * 1000 };
}

function watchedNodeFrom(node: FleetFileNode, file: FleetFile, values: Values): WatchedNode {
  const {
    intervalSeconds = values.REPORT_INTERVAL_SECONDS,
    timeoutSeconds = values.PROBE_TIMEOUT_SECONDS,
    successThreshold: success = values.PROBE_SUCCESS_THRESHOLD,
    failureThreshold: failure = values.PROBE_FAILURE_THRESHOLD,
    realm = values.TURN_REALM,
    proof = values.PROBE_PROOF,
    proofIntervalSeconds = values.PROBE_PROOF_INTERVAL_SECONDS,
  } = { ...file.healthCheck, ...node.healthCheck };
  const intervalMs = intervalSeconds * 1000;
  const thresholds = { success, failure };
  const identity = {
    public_ip: node.publicIp,
    public_ipv6: node.publicIpv6,
    hostname: node.hostname,
    port: node.port ?? file.healthCheck.port,
    tls_port: node.tlsPort,
    bandwidth_capacity_mbps: node.bandwidthCapacityMbps,
    zone: node.zone,
  };
  const hosts = privateHosts(node);
  return {
    // One of the two is always set. Otherwise the file would have been refused.
    key: { region: node.region ?? values.REGION ?? '', id: node.id },
    privateAddress: node.privateAddress,
    identity,
    target: probeTargetFrom({
      hosts,
      realm,
      proof,
      proofIntervalSeconds,
      timeoutSeconds,
      identity,
      thresholds,
      intervalMs,
    }),
    thresholds,
    intervalMs,
    ttlMs: Math.min(ttlMaxMs, Math.max(reportTtlMs(intervalMs), (success + roundsAtRestart) * intervalMs)),
  };
}

/** Returns the hosts to probe. A host name counts as IPv4. */
function privateHosts({ privateAddress, privateIpv6 }: FleetFileNode): ProbeTarget['hosts'] {
  if (isIPv6(privateAddress)) return { IPv6: privateAddress };
  return { IPv4: privateAddress, ...(privateIpv6 !== undefined && { IPv6: privateIpv6 }) };
}
