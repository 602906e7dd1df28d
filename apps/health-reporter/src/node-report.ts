import type { NodeReport } from '@turn-router/contract';
import type { NodeIdentity } from './config/reporter-config.ts';
import { provenTransports, type HealthState } from './health-state.ts';
import type { Load } from './measure/load-meter.ts';
import type { ProbeResult, ProbeRound } from './probe/probe-round.ts';

export type ReportParts = {
  identity: NodeIdentity;
  bootId: string;
  seq: number;
  nowMs: number;
  health: HealthState;
  draining: boolean;
  /** The last completed round. */
  round: ProbeRound;
  load: Load;
};

/** The report as it is published. Absent figures are left out, and so are transports while none is proven. */
export function nodeReportFrom(parts: ReportParts): NodeReport {
  const { health, load, round } = parts;
  const transports = provenTransports(health);
  return {
    status: parts.draining ? 'draining' : health.phase === 'healthy' ? 'healthy' : 'unhealthy',
    cpu: rounded(load.cpuPercent, 1),
    bandwidth_mbps: rounded(load.bandwidthMbps, 3),
    ...parts.identity,
    transports: transports.length > 0 ? transports : undefined,
    allocations: load.allocations?.live,
    allocations_started: load.allocations?.started,
    boot_id: parts.bootId,
    seq: parts.seq,
    reported_at: new Date(parts.nowMs).toISOString(),
    software: softwareFrom(round),
    probe: Object.fromEntries([...round].map(([transport, result]) => [transport, probeOnWire(result)])),
  };
}

function softwareFrom(round: ProbeRound): string | undefined {
  return [...round.values()].map((result) => (result.ok ? result.software : undefined)).find(Boolean);
}

function probeOnWire(result: ProbeResult): Record<string, unknown> {
  return result.ok ? { ok: true, latency_ms: rounded(result.latencyMs, 1) } : { ok: false, reason: result.reason };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
