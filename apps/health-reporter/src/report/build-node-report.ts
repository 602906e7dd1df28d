import type { NodeReport } from '@turn-router/contract/registry';
import type { HealthReason } from '../health/health-reason.ts';
import { offersStun, provenKeyIds, provenReach, type HealthState } from '../health/health-state.ts';
import type { Load } from '../measure/load-meter.ts';
import type { ProbeRound } from '../probe/probe-round.ts';
import { probeOnWire } from './probe-on-wire.ts';

/** The fields that identify and describe the node in every report. */
export type NodeIdentity = Pick<
  NodeReport,
  'public_ip' | 'public_ipv6' | 'hostname' | 'port' | 'tls_port' | 'bandwidth_capacity_mbps' | 'zone'
>;

export type ReportParts = {
  identity: NodeIdentity;
  bootId: string;
  seq: number;
  nowMs: number;
  health: HealthState;
  /** The reason for the drain; undefined if the reporter does not drain the node. */
  draining?: HealthReason | undefined;
  /** The time for which the record stays, because the reporter stops and may start again, ms. Undefined if the reporter continues. */
  leavingMs?: number | undefined;
  /** The last completed round. */
  round: ProbeRound;
  load: Load;
  /** By key id, the fingerprints of the node's secrets. */
  fingerprints: ReadonlyMap<string, string>;
  /** The node's clock minus the registry's clock, ms. */
  clockOffsetMs?: number | undefined;
  /** Whether the reporter also proves other nodes. */
  probesOthers?: boolean | undefined;
};

const statusOf = { starting: 'unhealthy', unhealthy: 'unhealthy', healthy: 'healthy', draining: 'draining' } as const;

/**
 * Builds the report as it is published. It omits absent figures, unproven transports and unproven keys. If only one address family is proven,
 * it omits the address of the other family. It also omits an IPv6 address with fewer transports than the IPv4 address.
 */
export function nodeReportFrom(parts: ReportParts): NodeReport {
  const { health, load, round, identity } = parts;
  const { families, transports } = provenReach(health);
  const secretIds = provenKeyIds(health).slice(0, secretIdsMax);
  return {
    status: parts.draining === undefined ? statusOf[health.phase] : 'draining',
    cpu: rounded(load.cpuPercent, 1),
    bandwidth_mbps: rounded(load.bandwidthMbps, 3),
    ...identity,
    ...(families.join() === 'IPv4' && identity.public_ip !== undefined && { public_ipv6: undefined }),
    ...(families.join() === 'IPv6' && identity.public_ipv6 !== undefined && { public_ip: undefined }),
    transports: transports.length > 0 ? transports : undefined,
    ...(transports.length > 0 && !offersStun(health) && { stun: false }),
    ...allocationsOnWire(load.allocations),
    load: loadOnWire(load.details),
    boot_id: parts.bootId,
    seq: parts.seq,
    secret_ids: secretIds.length > 0 ? secretIds : undefined,
    secret_fingerprints: secretIds.length > 0 ? fingerprintsOfKeys(secretIds, parts.fingerprints) : undefined,
    leaving_seconds: parts.leavingMs === undefined ? undefined : parts.leavingMs / 1000,
    clock_offset_ms: parts.clockOffsetMs === undefined ? undefined : Math.round(parts.clockOffsetMs),
    reported_at: new Date(parts.nowMs).toISOString(),
    software: softwareFrom(round),
    probe: probeOnWire(parts),
    probes_others: parts.probesOthers === true ? true : undefined,
  };
}

/**
 * Probes of other nodes are no calls, so only settled allocations count. But a node without a free relay port says so at once. Then the number of
 * started allocations does not belong to the live ones, and is omitted.
 */
function allocationsOnWire({ live, settled, started, capacity }: Load['allocations']) {
  const isFull = live !== undefined && capacity !== undefined && live >= capacity;
  return {
    allocations: isFull ? live : settled,
    allocations_capacity: capacity,
    allocations_started: isFull ? undefined : started,
  };
}

/** The maximum number of key ids in a report; the newest come first. */
const secretIdsMax = 16;

function fingerprintsOfKeys(ids: readonly string[], known: ReportParts['fingerprints']): Record<string, string> {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const fingerprint = known.get(id);
      return fingerprint === undefined ? [] : [[id, fingerprint]];
    }),
  );
}

/** Returns the SOFTWARE of the TURN server, from the first path with a SOFTWARE. */
export function softwareFrom({ results }: ProbeRound): string | undefined {
  return [...results.values()].map((result) => (result.ok ? result.software : undefined)).find(Boolean);
}

/** Builds the report's `load`; undefined if no figure is known. */
function loadOnWire({ cpuPressurePercent, dropsPerSecond, serverFiles }: Load['details']): NodeReport['load'] {
  const load = {
    ...(cpuPressurePercent !== undefined && { cpu_pressure_percent: rounded(cpuPressurePercent, 1) }),
    ...(dropsPerSecond !== undefined && { drops_per_second: rounded(dropsPerSecond, 1) }),
    ...(serverFiles !== undefined && { open_files: serverFiles.open, open_files_limit: serverFiles.limit }),
  };
  return Object.keys(load).length > 0 ? load : undefined;
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
