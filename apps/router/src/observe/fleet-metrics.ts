import type { FleetSourceStatus, RegistryFault, RegistryReading, RejectedRecord } from '@turn-router/registry';
import type { BalancerStatus, ExclusionReason, ReportedNode, UnprovenNodes } from '@turn-router/selection';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { FleetFindings } from './fleet-findings.ts';
import { countNodes } from './node-counts.ts';
import { trustLevels, type TrustLevel } from './trust-level.ts';

/** Metrics of the fleet and the registries. */
export type FleetMetrics = {
  /** Sets the source of the fleet's state. The source is read once per scrape, so that a large fleet is not counted several times a second. */
  readonly showFleet: (look: () => FleetState) => void;
  /** Takes the numbers of records that a reading does not use. */
  readonly useReading: (registry: string, reading: Pick<RegistryReading, 'rejected' | 'leftOut'>) => void;
  readonly countRegistryFault: (registry: string, fault: RegistryFault) => void;
};

export type FleetState = {
  readonly status: BalancerStatus;
  readonly unproven: UnprovenNodes;
  /** The regions of the policy. */
  readonly regions: readonly string[];
  readonly nodes: readonly ReportedNode[];
  readonly sources: readonly FleetSourceStatus[];
  readonly step: TrustLevel;
  /** The ids of the router's keys. */
  readonly keyIds: readonly string[];
  readonly findings: FleetFindings;
};

const rejectionReasons: readonly RejectedRecord['reason'][] = [
  'bad_address',
  'bad_key',
  'bad_port',
  'invalid',
  'no_expiry',
  'not_json',
  'too_large',
  'wrong_type',
];

/** The reasons why healthy nodes get no calls. */
const excludedReasons: readonly (ExclusionReason | 'region_not_in_policy')[] = [
  'clock_ahead',
  'clock_behind',
  'secret_mismatch',
  'unreachable_from_outside',
  'region_not_in_policy',
];

/** @returns the metrics, and `collect`, which must be called before the metrics are read */
export function createFleetMetrics(registers: Registry[]): FleetMetrics & { readonly collect: () => void } {
  const nodeGauge = new Gauge({
    name: 'turn_router_nodes',
    aggregator: 'max',
    help: 'Number of TURN nodes, by the status that they last reported. The region not_in_policy stands for all regions that the policy lacks.',
    labelNames: ['region', 'status'],
    registers,
  });
  const keptNodes = new Gauge({
    name: 'turn_router_kept_nodes',
    aggregator: 'max',
    help: 'Number of TURN nodes whose reports disappeared from their registry, and which the router still uses with half of their capacity.',
    labelNames: ['region'],
    registers,
  });
  const excludedNodes = new Gauge({
    name: 'turn_router_excluded_nodes',
    aggregator: 'max',
    help: 'Number of TURN nodes that report to be healthy and get no calls, by reason (clock_ahead, clock_behind, secret_mismatch, unreachable_from_outside or region_not_in_policy).',
    labelNames: ['reason'],
    registers,
  });
  const mismatchedNodes = new Gauge({
    name: 'turn_router_mismatched_secrets',
    aggregator: 'max',
    help: 'Number of TURN nodes that have another secret than this router under the same key id.',
    labelNames: ['key_id'],
    registers,
  });
  const rejectedGauge = new Gauge({
    name: 'turn_router_rejected_records',
    aggregator: 'max',
    help: 'Number of invalid records in the registry at the last read.',
    labelNames: ['reason', 'registry'],
    registers,
  });
  const leftOutGauge = new Gauge({
    name: 'turn_router_left_out_records',
    aggregator: 'max',
    help: 'Records that the router did not read, because the registry has more than REGISTRY_MAX_RECORDS.',
    labelNames: ['registry'],
    registers,
  });
  const regionLoad = new Gauge({
    name: 'turn_router_region_load',
    aggregator: 'average',
    help: 'Estimated load of a region, as a part of its capacity; 1 is full.',
    labelNames: ['region'],
    registers,
  });
  const spillShare = new Gauge({
    name: 'turn_router_spill_share',
    aggregator: 'average',
    help: 'Part of a region’s new calls that spill to another region, 0 to 1; absent if no calls spill.',
    labelNames: ['from', 'to'],
    registers,
  });
  const doubted = new Gauge({
    name: 'turn_router_doubted_nodes',
    aggregator: 'max',
    help: 'Number of nodes with implausible reports. The router assumes the average load of their region.',
    labelNames: ['reason'],
    registers,
  });
  const unprovenGauge = new Gauge({
    name: 'turn_router_unproven_nodes',
    aggregator: 'max',
    help: 'Number of nodes of which the router uses only a part of the reported capacity, until the calls that they carry prove the rest.',
    labelNames: ['reason'],
    registers,
  });
  const meanCall = new Gauge({
    name: 'turn_router_mean_call_seconds',
    aggregator: 'average',
    help: 'Mean duration of a relayed call, estimated from node reports.',
    labelNames: ['region'],
    registers,
  });
  const credentialMbps = new Gauge({
    name: 'turn_router_credential_mbps',
    aggregator: 'average',
    help: 'Mean bandwidth that one issued credential adds to the load of its node, Mbit/s, estimated from node reports.',
    labelNames: ['region'],
    registers,
  });
  const replicas = new Gauge({
    name: 'turn_router_replicas',
    aggregator: 'max',
    help: 'Number of routers that share the registry, including this router.',
    registers,
  });
  const fresh = new Gauge({
    name: 'turn_router_registry_fresh',
    aggregator: 'min',
    help: '1 if the last read of the registry succeeded, else 0.',
    labelNames: ['registry'],
    registers,
  });
  const snapshotAge = new Gauge({
    name: 'turn_router_snapshot_age_seconds',
    aggregator: 'max',
    help: 'Time since the registry was last read; absent if it was never read.',
    labelNames: ['registry'],
    registers,
  });
  const trust = new Gauge({
    name: 'turn_router_trust',
    aggregator: 'max',
    help: 'Trust level of the registry data (fresh, last_known, static or none): 1 for the current level, 0 for the other levels.',
    labelNames: ['step'],
    registers,
  });
  const faults = new Counter({
    name: 'turn_router_registry_faults_total',
    help: 'Failed background calls to the registry, such as reading the nodes or counting the routers.',
    labelNames: ['registry', 'fault'],
    registers,
  });

  function showStatus(status: BalancerStatus): void {
    for (const gauge of [regionLoad, spillShare, doubted, meanCall, credentialMbps]) gauge.reset();
    for (const { region, load, meanCallSeconds, mbpsPerCredential } of status.regions) {
      regionLoad.set({ region }, load);
      meanCall.set({ region }, meanCallSeconds);
      credentialMbps.set({ region }, mbpsPerCredential);
    }
    for (const { from, to, share } of status.spills) spillShare.set({ from, to }, share);
    for (const { reason } of status.doubted) doubted.inc({ reason });
    replicas.set(status.replicas);
  }

  function showNodes(nodes: readonly ReportedNode[], regions: ReadonlySet<string>): void {
    nodeGauge.reset();
    keptNodes.reset();
    for (const [region, counts] of countNodes(nodes, regions)) {
      for (const [status, count] of counts.byStatus) nodeGauge.set({ region, status }, count);
      if (counts.kept > 0) keptNodes.set({ region }, counts.kept);
    }
  }

  function showFindings({ status, keyIds, findings }: Pick<FleetState, 'status' | 'keyIds' | 'findings'>): void {
    for (const reason of excludedReasons) excludedNodes.set({ reason }, 0);
    for (const { reason, report } of status.excluded) if (report.status === 'healthy') excludedNodes.inc({ reason });
    for (const { healthy } of findings.unknownRegions) excludedNodes.inc({ reason: 'region_not_in_policy' }, healthy);
    for (const id of keyIds) mismatchedNodes.set({ key_id: id }, 0);
    for (const { keyIds: ids } of findings.mismatches) for (const id of ids) mismatchedNodes.inc({ key_id: id });
  }

  function showSources(sources: readonly FleetSourceStatus[], step: TrustLevel): void {
    for (const { name: registry, state, ageMs } of sources) {
      fresh.set({ registry }, state === 'fresh' ? 1 : 0);
      if (ageMs !== undefined) snapshotAge.set({ registry }, ageMs / 1000);
    }
    for (const each of trustLevels) trust.set({ step: each }, each === step ? 1 : 0);
  }

  let look: (() => FleetState) | undefined;
  return {
    showFleet(next) {
      look = next;
    },
    collect() {
      if (look === undefined) return;
      const state = look();
      const { status, unproven, regions, nodes, sources, step } = state;
      showStatus(status);
      for (const [reason, count] of Object.entries(unproven)) unprovenGauge.set({ reason }, count);
      showFindings(state);
      showNodes(nodes, new Set(regions));
      showSources(sources, step);
    },
    useReading(registry, { rejected, leftOut = 0 }) {
      const counts = new Map<RejectedRecord['reason'], number>();
      for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
      for (const reason of rejectionReasons) rejectedGauge.remove({ reason, registry });
      for (const [reason, count] of counts) rejectedGauge.set({ reason, registry }, count);
      leftOutGauge.set({ registry }, leftOut);
    },
    countRegistryFault: (registry, fault) => faults.inc({ registry, fault }),
  };
}
