import type { ProblemCode } from '@turn-router/contract';
import type { RegistrySnapshot } from '@turn-router/registry';
import type { BalancerStatus } from '@turn-router/selection';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { IssuedIceServers } from './issue-ice-servers.ts';

/** What Prometheus reads from the admin listener. No label holds anything that a caller wrote. */
export type Metrics = {
  /** The text format, and its content type. */
  readonly contentType: string;
  readonly text: () => Promise<string>;
  readonly countIssued: (issued: IssuedIceServers) => void;
  readonly countProblem: (code: ProblemCode) => void;
  readonly observeRequest: (route: string, status: number, durationMs: number) => void;
  readonly useSnapshot: (snapshot: RegistrySnapshot) => void;
  readonly useFleet: (status: BalancerStatus) => void;
  readonly setRegistryFresh: (fresh: boolean) => void;
  readonly countReload: (what: 'policy' | 'geoip', result: 'taken' | 'refused') => void;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const issued = new Counter({
    name: 'turn_router_issued_total',
    help: 'Answers with relays, by the region that was answered, why it was chosen, and how the caller was placed.',
    labelNames: ['region', 'reason', 'placed_by'],
    registers,
  });
  const problems = new Counter({
    name: 'turn_router_problems_total',
    help: 'Requests answered with a problem.',
    labelNames: ['code'],
    registers,
  });
  const requests = new Histogram({
    name: 'turn_router_request_duration_seconds',
    help: 'From the request line to the end of the answer.',
    labelNames: ['route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1],
    registers,
  });
  const nodes = new Gauge({
    name: 'turn_router_nodes',
    help: 'TURN nodes in the registry as last read.',
    labelNames: ['region', 'status'],
    registers,
  });
  const rejected = new Gauge({
    name: 'turn_router_rejected_records',
    help: 'Records in the registry as last read that are no report.',
    labelNames: ['reason'],
    registers,
  });
  const regionLoad = new Gauge({
    name: 'turn_router_region_load',
    help: 'Estimated part of a region’s capacity in use, 1 is full.',
    labelNames: ['region'],
    registers,
  });
  const spillShare = new Gauge({
    name: 'turn_router_spill_share',
    help: 'Part of a region’s new calls that goes to another region, 0 to 1; absent when none does.',
    labelNames: ['from', 'to'],
    registers,
  });
  const doubted = new Gauge({
    name: 'turn_router_doubted_nodes',
    help: 'Nodes whose reports cannot be true and that are taken to be as loaded as their region is on average.',
    labelNames: ['reason'],
    registers,
  });
  const meanCall = new Gauge({
    name: 'turn_router_mean_call_seconds',
    help: 'Mean length of a relayed call, as learnt from reports.',
    labelNames: ['region'],
    registers,
  });
  const credentialMbps = new Gauge({
    name: 'turn_router_credential_mbps',
    help: 'Work that an issued credential brings to its node, as learnt from reports, Mbit/s.',
    labelNames: ['region'],
    registers,
  });
  const replicas = new Gauge({
    name: 'turn_router_replicas',
    help: 'Routers that share the registry, this one included.',
    registers,
  });
  const fresh = new Gauge({
    name: 'turn_router_registry_fresh',
    help: '1 when the last reading of the registry succeeded.',
    registers,
  });
  const reloads = new Counter({
    name: 'turn_router_reloads_total',
    help: 'Changes of the policy and GeoIP files.',
    labelNames: ['file', 'result'],
    registers,
  });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countIssued: ({ answer, reason, placement }) =>
      issued.inc({ region: answer.region, reason, placed_by: placement.rung }),
    countProblem: (code) => problems.inc({ code }),
    observeRequest: (route, status, durationMs) => requests.observe({ route, status }, durationMs / 1000),
    useSnapshot: (snapshot) => {
      nodes.reset();
      for (const { key, report } of snapshot.records) nodes.inc({ region: key.region, status: report.status });
      rejected.reset();
      for (const { reason } of snapshot.rejected) rejected.inc({ reason });
    },
    useFleet: (status) => {
      for (const gauge of [regionLoad, spillShare, doubted, meanCall, credentialMbps]) gauge.reset();
      for (const { region, load, meanCallSeconds, mbpsPerCredential } of status.regions) {
        regionLoad.set({ region }, load);
        meanCall.set({ region }, meanCallSeconds);
        credentialMbps.set({ region }, mbpsPerCredential);
      }
      for (const { from, to, share } of status.spills) spillShare.set({ from, to }, share);
      for (const { reason } of status.doubted) doubted.inc({ reason });
      replicas.set(status.replicas);
    },
    setRegistryFresh: (isFresh) => fresh.set(isFresh ? 1 : 0),
    countReload: (file, result) => reloads.inc({ file, result }),
  };
}
