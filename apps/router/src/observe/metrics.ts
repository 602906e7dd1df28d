import type { ProblemCode } from '@turn-router/contract/http';
import type { Placement, RelayReason } from '@turn-router/selection';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';
import { createAdminMetrics, type AdminMetrics } from './admin-metrics.ts';
import { createFleetMetrics, type FleetMetrics } from './fleet-metrics.ts';
import { createLimitMetrics, type LimitMetrics } from './limit-metrics.ts';

/** One metric with its values by labels, and how those of several processes become one (`aggregator`; counters and histograms: the sum). */
export type MetricReading = MetricObjectWithValues<MetricValue<string>>;

/** What Prometheus reads from the admin listener. No label holds anything that a caller wrote. */
export type Metrics = FleetMetrics &
  LimitMetrics &
  AdminMetrics & {
    /** The text format, and its content type. */
    readonly contentType: string;
    readonly text: () => Promise<string>;
    /** The same as data, for the sum over several processes. */
    readonly readings: () => Promise<readonly MetricReading[]>;
    readonly countIssued: (issued: { region: string; reason: RelayReason; placement: Placement }) => void;
    readonly countProblem: (code: ProblemCode) => void;
    readonly observeRequest: (route: string, status: number, durationMs: number) => void;
    /** API keys as last read, and entries among them that are none. */
    readonly useApiKeys: (keys: number, rejected: number) => void;
    /** Revocations as last read, those that are over included, and entries among them that are none. */
    readonly useRevocations: (revocations: number, rejected: number) => void;
    readonly countRevokedCall: () => void;
    /** A background try to read what callers are checked by has failed. */
    readonly countAuthFault: (source: 'api-keys' | 'jwks' | 'revocations') => void;
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
  const reloads = new Counter({
    name: 'turn_router_reloads_total',
    help: 'Changes of the policy and GeoIP files.',
    labelNames: ['file', 'result'],
    registers,
  });

  const apiKeys = new Gauge({
    name: 'turn_router_api_keys',
    help: 'API keys as last read; rejected: entries that are none.',
    labelNames: ['state'],
    aggregator: 'max',
    registers,
  });
  const authFaults = new Counter({
    name: 'turn_router_auth_faults_total',
    help: 'Background reads of API keys, of revocations or of the issuer’s JWKS that failed.',
    labelNames: ['source'],
    registers,
  });
  const revocations = new Gauge({
    name: 'turn_router_revocations',
    help: 'Revocations as last read, those that are over included; rejected: entries that are none.',
    labelNames: ['state'],
    aggregator: 'max',
    registers,
  });
  const revokedCalls = new Counter({
    name: 'turn_router_revoked_calls_total',
    help: 'Calls by revoked callers, all of them refused.',
    registers,
  });

  const { collect: collectFleet, ...fleetMetrics } = createFleetMetrics(registers);
  const { collect: collectLimits, ...limitMetrics } = createLimitMetrics(registers);
  return {
    ...fleetMetrics,
    ...limitMetrics,
    ...createAdminMetrics(registers),
    contentType: registry.contentType,
    text() {
      collectFleet();
      collectLimits();
      return registry.metrics();
    },
    readings() {
      collectFleet();
      collectLimits();
      return registry.getMetricsAsJSON();
    },
    countIssued: ({ region, reason, placement }) => issued.inc({ region, reason, placed_by: placement.rung }),
    countProblem: (code) => problems.inc({ code }),
    observeRequest: (route, status, durationMs) => requests.observe({ route, status }, durationMs / 1000),
    useApiKeys(keys, rejected) {
      apiKeys.set({ state: 'valid' }, keys);
      apiKeys.set({ state: 'rejected' }, rejected);
    },
    useRevocations(valid, rejected) {
      revocations.set({ state: 'valid' }, valid);
      revocations.set({ state: 'rejected' }, rejected);
    },
    countRevokedCall: () => revokedCalls.inc(),
    countAuthFault: (source) => authFaults.inc({ source }),
    countReload: (file, result) => reloads.inc({ file, result }),
  };
}
