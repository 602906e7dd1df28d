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
import { createProofMetrics, type ProofMetrics } from './proof-metrics.ts';

/**
 * One metric with its values by labels. Its `aggregator` says how the values of several processes are combined. Counters and histograms are summed.
 */
export type MetricReading = MetricObjectWithValues<MetricValue<string>>;

/** The metrics that Prometheus reads from the admin listener. No label holds data from a caller. */
export type Metrics = FleetMetrics &
  ProofMetrics &
  LimitMetrics &
  AdminMetrics & {
    /** Content type of `text`. */
    readonly contentType: string;
    /** Returns all metrics in Prometheus' text format. */
    readonly text: () => Promise<string>;
    /** Returns all metrics as data, for the sum over several processes. */
    readonly readings: () => Promise<readonly MetricReading[]>;
    readonly countIssuedAnswer: (issued: { region: string; reason: RelayReason; placement: Placement }) => void;
    readonly countProblem: (code: ProblemCode) => void;
    readonly observeRequest: (route: string, status: number, durationMs: number) => void;
    /** Stores the number of API keys at the last read, and the number of invalid entries. */
    readonly useApiKeys: (keys: number, rejected: number) => void;
    /** Stores the number of revocations at the last read, including expired ones, and the number of invalid entries. */
    readonly useRevocations: (revocations: number, rejected: number) => void;
    readonly countRevokedCall: () => void;
    /** Counts a failed background read of API keys, JWKS or revocations. */
    readonly countAuthFault: (source: 'api-keys' | 'jwks' | 'revocations') => void;
    /** Sets the number of usable and ignored keys of an issuer's JWKS. `issuer` is its name in the settings. */
    readonly useJwks: (issuer: string | undefined, usable: number, ignored: number) => void;
    /** Stores whether Redis has lost all API keys or all revocations, so that the router uses the last known ones. */
    readonly useAuthDataLost: (source: 'api-keys' | 'revocations', isLost: boolean) => void;
    /** Stores whether revocations may be missing, so that the router refuses all callers. */
    readonly useRevocationsIncomplete: (isIncomplete: boolean) => void;
    /** Stores whether the newest content of a file is not in STATE_DIR. */
    readonly useUnsaved: (file: string, isUnsaved: boolean) => void;
    readonly countReload: (what: 'policy' | 'geoip', result: 'taken' | 'refused') => void;
  };

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const issued = new Counter({
    name: 'turn_router_issued_total',
    help: 'Number of responses with relays, by region of the relays, reason for this region, and rule that placed the caller.',
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
    help: 'Time from the end of the request’s head to the end of the response.',
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
    help: 'Number of API keys at the last read. The state rejected means invalid entries.',
    labelNames: ['state'],
    aggregator: 'max',
    registers,
  });
  const jwksKeys = new Gauge({
    name: 'turn_router_jwks_keys',
    help: 'Keys in the JWKS of an issuer when it was last fetched. The state ignored means keys that are broken, weak or secret.',
    labelNames: ['issuer', 'state'],
    aggregator: 'max',
    registers,
  });
  const authFaults = new Counter({
    name: 'turn_router_auth_faults_total',
    help: 'Failed background reads of the API keys, the revocations or the issuer’s JWKS.',
    labelNames: ['source'],
    registers,
  });
  const authDataLost = new Gauge({
    name: 'turn_router_auth_data_lost',
    help: '1 while Redis has lost all API keys or all revocations, and the router uses the last known ones.',
    labelNames: ['source'],
    aggregator: 'max',
    registers,
  });
  const revocations = new Gauge({
    name: 'turn_router_revocations',
    help: 'Number of revocations at the last read, including expired revocations. The state rejected means invalid entries.',
    labelNames: ['state'],
    aggregator: 'max',
    registers,
  });
  const revocationsIncomplete = new Gauge({
    name: 'turn_router_revocations_incomplete',
    help: '1 while revocations may be missing, so that the router refuses all callers.',
    aggregator: 'max',
    registers,
  });
  const revokedCalls = new Counter({
    name: 'turn_router_revoked_calls_total',
    help: 'Number of calls that were refused because the caller is revoked.',
    registers,
  });

  const unsaved = new Gauge({
    name: 'turn_router_unsaved_changes',
    help: '1 while the newest content of a file cannot be written to STATE_DIR.',
    labelNames: ['file'],
    aggregator: 'max',
    registers,
  });

  const { collect: collectFleet, ...fleetMetrics } = createFleetMetrics(registers);
  const { collect: collectProofs, ...proofMetrics } = createProofMetrics(registers, fleetMetrics.countRegistryFault);
  const { collect: collectLimits, ...limitMetrics } = createLimitMetrics(registers);
  return {
    ...fleetMetrics,
    ...proofMetrics,
    ...limitMetrics,
    ...createAdminMetrics(registers),
    contentType: registry.contentType,
    text() {
      collectFleet();
      collectProofs();
      collectLimits();
      return registry.metrics();
    },
    readings() {
      collectFleet();
      collectProofs();
      collectLimits();
      return registry.getMetricsAsJSON();
    },
    countIssuedAnswer: ({ region, reason, placement }) => issued.inc({ region, reason, placed_by: placement.rung }),
    countProblem: (code) => problems.inc({ code }),
    observeRequest: (route, status, durationMs) => requests.observe({ route, status }, durationMs / 1000),
    useApiKeys(keys, rejected) {
      apiKeys.set({ state: 'valid' }, keys);
      apiKeys.set({ state: 'rejected' }, rejected);
    },
    useJwks(issuer = '', usable, ignored) {
      jwksKeys.set({ issuer, state: 'usable' }, usable);
      jwksKeys.set({ issuer, state: 'ignored' }, ignored);
    },
    useRevocations(valid, rejected) {
      revocations.set({ state: 'valid' }, valid);
      revocations.set({ state: 'rejected' }, rejected);
    },
    countRevokedCall: () => revokedCalls.inc(),
    countAuthFault: (source) => authFaults.inc({ source }),
    useAuthDataLost: (source, isLost) => authDataLost.set({ source }, Number(isLost)),
    useRevocationsIncomplete: (isIncomplete) => revocationsIncomplete.set(Number(isIncomplete)),
    useUnsaved: (file, isUnsaved) => unsaved.set({ file }, isUnsaved ? 1 : 0),
    countReload(file, result) {
      reloads.inc({ file, result });
      if (file === 'policy') policyReload.set(result === 'taken' ? 1 : 0);
    },
  };
}
