import type { NodeReport } from '@turn-router/contract/registry';
import type { HealthReason } from '../health/health-reason.ts';
import { provenKeyIds, provenReach, type HealthState } from '../health/health-state.ts';
import type { Load } from '../measure/load-meter.ts';
import type { ProbeRound } from '../probe/probe-round.ts';
import { probeOnWire } from './probe-on-wire.ts';

/** What a node says of itself in every report. */
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
  /** Why the reporter makes the node drain; undefined: it does not. */
  draining: HealthReason | undefined;
  /** The last completed round. */
  round: ProbeRound;
  load: Load;
  /** How far the node's clock is ahead of the registry's. */
  clockOffsetMs?: number | undefined;
};

const statusOf = { starting: 'unhealthy', unhealthy: 'unhealthy', healthy: 'healthy', draining: 'draining' } as const;

/**
 * The report as it is published. Absent figures are left out, and so is what is not proven: transports, keys, and an address whose
 * family is not while the other's is.
 */
export function nodeReportFrom(parts: ReportParts): NodeReport {
  const { health, load, round, identity } = parts;
  const { families, transports } = provenReach(health);
  const secretIds = provenKeyIds(health);
  return {
    status: parts.draining === undefined ? statusOf[health.phase] : 'draining',
    cpu: rounded(load.cpuPercent, 1),
    bandwidth_mbps: rounded(load.bandwidthMbps, 3),
    ...identity,
    ...(families.join() === 'IPv4' && identity.public_ip !== undefined && { public_ipv6: undefined }),
    ...(families.join() === 'IPv6' && identity.public_ipv6 !== undefined && { public_ip: undefined }),
    transports: transports.length > 0 ? transports : undefined,
    allocations: load.allocations.live,
    allocations_capacity: load.allocations.capacity,
    allocations_started: load.allocations.started,
    load: loadOnWire(load.details),
    boot_id: parts.bootId,
    seq: parts.seq,
    secret_ids: secretIds.length > 0 ? secretIds.slice(0, mostSecretIds) : undefined,
    clock_offset_ms: parts.clockOffsetMs === undefined ? undefined : Math.round(parts.clockOffsetMs),
    reported_at: new Date(parts.nowMs).toISOString(),
    software: softwareFrom(round),
    probe: probeOnWire(parts),
  };
}

/** As many as a report may name; the newest matter. */
const mostSecretIds = 16;

/** What the TURN server says that it is, over the first path on which it does. */
export function softwareFrom({ results }: ProbeRound): string | undefined {
  return [...results.values()].map((result) => (result.ok ? result.software : undefined)).find(Boolean);
}

/** Undefined where nothing of it is known. */
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
