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

/**
 * One metric with its values by labels. Its `aggregator` says how the values of several processes are combined. Counters and histograms are summed.
 */
export type MetricReading = MetricObjectWithValues<MetricValue<string>>;

/** The metrics that Prometheus reads from the admin listener. No label holds data from a caller. */
export type Metrics = FleetMetrics &
  LimitMetrics &
  AdminMetrics & {
    /** Content type of `text`. */
    readonly contentType: string;
    /** Returns all metrics in Prometheus' text format. */
    readonly text: () => Promise<string>;
    /** Returns all metrics as data, for the sum over several processes. */
    readonly readings: () => Promise<readonly MetricReading[]>;
    readonly countIssued: (issued: { region: string; reason: RelayReason; placement: Placement }) => void;
    readonly countProblem: (code: ProblemCode) => void;
    readonly observeRequest: (route: string, status: number, durationMs: number) => void;
    /** Stores the number of API keys at the last read, and the number of invalid entries. */
    readonly useApiKeys: (keys: number, rejected: number) => void;
    /** Stores the number of revocations at the last read, including expired ones, and the number of invalid entries. */
    readonly useRevocations: (revocations: number, rejected: number) => void;
    readonly countRevokedCall: () => void;
    /** Counts a failed background read of API keys, JWKS or revocations. */
    readonly countAuthFault: (source: 'api-keys' | 'jwks' | 'revocations') => void;
    readonly countReload: (what: 'policy' | 'geoip', result: 'taken' | 'refused') => void;
  };

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const issued = new Counter({
    name: 'turn_router_issued_total',
    help: 'Responses with relays, by the region of the relays, the reason for that region, and the way in which the caller was placed.',
    labelNames: ['region', 'reason', 'placed_by'],
    registers,
  });
  const problems = new Counter({
    name: 'turn_router_problems_total',
    help: 'Requests answered with a problem (RFC 9457), by problem code.',
    labelNames: ['code'],
    registers,
  });
  const requests = new Histogram({
    name: 'turn_router_request_duration_seconds',
    help: 'Time from the request line to the end of the response.',
    labelNames: ['route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1],
    registers,
  });
  const reloads = new Counter({
    name: 'turn_router_reloads_total',
    help: 'Changes of the policy and of GeoIP files, by result.',
    labelNames: ['file', 'result'],
    registers,
  });
  const policyReload = new Gauge({
    name: 'turn_router_policy_last_reload_successful',
    help: '1 if the policy in the policy file is in force; 0 if the router refuses it and uses the last good policy.',
    aggregator: 'min',
    registers,
  });
  policyReload.set(1);

  const apiKeys = new Gauge({
    name: 'turn_router_api_keys',
    help: 'API keys when they were last read. The state rejected means invalid entries.',
    labelNames: ['state'],
    aggregator: 'max',
    registers,
  });
  const authFaults = new Counter({
    name: 'turn_router_auth_faults_total',
    help: 'Failed background reads of the API keys, the revocations or the issuer’s JWKS.',
    labelNames: ['source'],
    registers,
  });
  const revocations = new Gauge({
    name: 'turn_router_revocations',
    help: 'Revocations when they were last read, including expired ones. The state rejected means invalid entries.',
    labelNames: ['state'],
    aggregator: 'max',
    registers,
  });
  const revokedCalls = new Counter({
    name: 'turn_router_revoked_calls_total',
    help: 'Calls of revoked callers, which were refused.',
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
    countReload(file, result) {
      reloads.inc({ file, result });
      if (file === 'policy') policyReload.set(result === 'taken' ? 1 : 0);
    },
  };
}
