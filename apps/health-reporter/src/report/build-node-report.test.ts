import type { Load } from '../measure/load-meter.ts';
import { nodeReportMaxBytes, nodeReportSchema } from '@turn-router/contract/registry';
import { describe, expect, test } from '@jest/globals';
import { stoppingReason } from '../health/health-reason.ts';
import { healthAfterRound, startingHealth } from '../health/health-state.ts';
import { failed, passed, roundFromText, roundOf } from '../probe/probe-round.fixture.ts';
import { noRound } from '../probe/probe-round.ts';
import { nodeReportFrom, type ReportParts } from './build-node-report.ts';

const thresholds = { success: 1, failure: 2 };
const round = roundOf(
  {
    udp: passed({ latencyMs: 1.2345, relayLatencyMs: 0.78, software: 'Coturn-4.6.1' }),
    tcp: failed({ text: 'no answer within 2000 ms' }),
  },
  {
    keyTrials: [
      { keyId: 'old', place: 1, accepted: true },
      { keyId: 'new', place: 0, accepted: true },
    ],
  },
);
const health = healthAfterRound(startingHealth, round, thresholds);
const parts: ReportParts = {
  identity: { public_ip: '192.0.2.50', port: 3478 },
  bootId: 'boot-1',
  seq: 7,
  nowMs: Date.UTC(2026, 10, 21, 8),
  health,
  draining: undefined,
  round,
  fingerprints: new Map([
    ['new', 'AAAAAAAAAAAAAAA1'],
    ['old', 'AAAAAAAAAAAAAAA2'],
    ['refused', 'AAAAAAAAAAAAAAA3'],
  ]),
  load: {
    cpuPercent: 12.3456,
    bandwidthMbps: 150.12345,
    allocations: { live: 5, settled: 3, started: 8, capacity: 100 },
    details: { cpuPressurePercent: 4.567, dropsPerSecond: 0.04, serverFiles: { open: 40, limit: 20_000 } },
  },
};
const wire = (changes: Partial<ReportParts> = {}): unknown =>
  JSON.parse(JSON.stringify(nodeReportFrom({ ...parts, ...changes })));

const withCapacity = (capacity: number): Load => ({
  ...parts.load,
  allocations: { ...parts.load.allocations, capacity },
});

describe('a report on the wire', () => {
  const expected = {
    status: 'healthy',
    cpu: 12.3,
    bandwidth_mbps: 150.123,
    public_ip: '192.0.2.50',
    port: 3_478,
    transports: ['udp'],
    allocations: 3,
    allocations_capacity: 100,
    allocations_started: 8,
    load: { cpu_pressure_percent: 4.6, drops_per_second: 0, open_files: 40, open_files_limit: 20_000 },
    boot_id: 'boot-1',
    seq: 7,
    secret_ids: ['new', 'old'],
    secret_fingerprints: { new: 'AAAAAAAAAAAAAAA1', old: 'AAAAAAAAAAAAAAA2' },
    reported_at: '2026-11-21T08:00:00.000Z',
    software: 'Coturn-4.6.1',
    probe: {
      state: 'healthy',
      reason: 'some_probes_fail',
      text: 'tcp: no answer within 2000 ms',
      udp: { ok: true, proof: 'relay', latency_ms: 1.2, relay_ms: 0.8, relay_family: 'IPv4' },
      tcp: { ok: false, reason: 'timeout', text: 'no answer within 2000 ms' },
    },
  };

  test('holds the proven transports, rounded figures and the last probe', () => {
    expect(wire()).toEqual(expected);
  });

  test('counts all allocations as soon as no relay port is free', () => {
    expect(wire({ load: withCapacity(6) })).toMatchObject({ allocations: 3, allocations_started: 8 });
    const { allocations_started, ...full } = expected;
    expect(wire({ load: withCapacity(5) })).toEqual({ ...full, allocations: 5, allocations_capacity: 5 });
    expect(allocations_started).toBe(8);
  });

  test('keeps its transports while draining', () => {
    const probe = {
      ...expected.probe,
      state: 'draining',
      reason: 'stopping',
      text: 'the health-reporter got a signal to stop',
    };
    expect(wire({ draining: stoppingReason })).toEqual({ ...expected, status: 'draining', probe });
  });

  test('is unhealthy and lists no transport before anything is proven; it omits unknown figures', () => {
    const { transports, allocations, allocations_started, load: known, software, ...keyed } = expected;
    const { secret_ids, secret_fingerprints, ...rest } = keyed;
    expect([
      transports,
      allocations,
      allocations_started,
      known,
      software,
      secret_ids,
      secret_fingerprints,
    ]).not.toContain(undefined);
    const load = {
      ...parts.load,
      allocations: { live: undefined, settled: undefined, started: undefined, capacity: 100 },
      details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
    };
    expect(wire({ health: startingHealth, round: noRound, load })).toEqual({
      ...rest,
      status: 'unhealthy',
      probe: { state: 'starting', reason: 'not_yet_probed', text: 'the first probes have not finished' },
    });
  });

  test.each([
    ['open', 'udp+ tcp+', undefined],
    ['refused', 'udp+ tcp+', false],
    ['silent', 'udp+ tcp+', false],
    [undefined, 'udp+ tcp+', undefined],
    ['open', 'udp- tcp+', false],
    ['open', 'udp- tcp-', undefined],
    ['silent', 'udp6+ tcp6+', false],
    ['open', 'udp6+ tcp6+', undefined],
  ] as const)('if a Binding is %s, and the probes are %s, says stun: %j', (binding, text, stun) => {
    const answered = [...roundFromText(text).results].map(
      ([path, result]) => [path, result.ok ? { ...result, binding } : result] as const,
    );
    const found = roundOf(Object.fromEntries(answered));
    const state = healthAfterRound(startingHealth, found, thresholds);
    expect(wire({ health: state, round: found })).toHaveProperty('status');
    expect(nodeReportFrom({ ...parts, health: state, round: found }).stun).toBe(stun);
    // One failed probe does not change what is known.
    const later = healthAfterRound(state, roundFromText(text.replaceAll('+', '-')), { success: 1, failure: 3 });
    expect(nodeReportFrom({ ...parts, health: later, round: found }).stun).toBe(stun);
  });

  test('holds the clock offset in whole milliseconds', () => {
    expect(wire({ probesOthers: true })).toEqual({ ...expected, probes_others: true });
    expect(wire({ probesOthers: false })).toEqual(expected);
    expect(wire({ clockOffsetMs: -1_234.5678 })).toEqual({ ...expected, clock_offset_ms: -1_235 });
  });

  test('holds every address and port of its node, and its zone', () => {
    const identity = {
      public_ipv6: '2001:db8::50',
      hostname: 'turn-1.example.org',
      port: 3_479,
      tls_port: 443,
      bandwidth_capacity_mbps: 2_500,
      zone: 'eu-central-1a',
    };
    expect(wire({ identity })).toMatchObject(identity);
  });

  test('is valid and within its size limit, even with the longest texts that a server can send', () => {
    const long = '\u{1f4a5}'.repeat(128);
    const failure = failed({ reason: 'refused', text: `the server refused allocate: 401 ${long}` });
    const worst = roundOf({
      udp: passed({ software: long, certificateExpiresAtMs: 0, bindingLatencyMs: 1 }),
      tcp: failure,
      tls: failure,
      udp6: failure,
      tcp6: failure,
      tls6: failure,
    });
    const keyTrials = Array.from({ length: 20 }, (_, place) => ({
      keyId: `${place}`.padStart(32, 'k'),
      place,
      accepted: true,
    }));
    const { keys } = healthAfterRound(startingHealth, { ...worst, keyTrials }, thresholds);
    const report = nodeReportFrom({ ...parts, health: { ...health, keys }, round: worst });
    expect(nodeReportSchema.safeParse(report).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(nodeReportMaxBytes - 700);
  });
});

describe('an unproven path', () => {
  const identity = { public_ip: '192.0.2.50', public_ipv6: '2001:db8::50', port: 3478 };
  test.each([
    ['udp+ udp6+', { public_ip: '192.0.2.50', public_ipv6: '2001:db8::50', transports: ['udp'] }],
    ['udp+ udp6-', { public_ip: '192.0.2.50', transports: ['udp'] }],
    ['udp- udp6+', { public_ipv6: '2001:db8::50', transports: ['udp'] }],
    ['udp- udp6-', { public_ip: '192.0.2.50', public_ipv6: '2001:db8::50' }],
  ])('after %s: %j', (text, expected) => {
    const proven = healthAfterRound(startingHealth, roundFromText(text), thresholds);
    const { public_ip, public_ipv6, transports } = nodeReportFrom({ ...parts, identity, health: proven });
    expect(JSON.parse(JSON.stringify({ public_ip, public_ipv6, transports }))).toEqual(expected);
  });

  test('keeps an address that is the only one', () => {
    const ipv6Only = { public_ipv6: '2001:db8::50', port: 3478 };
    const proven = healthAfterRound(startingHealth, roundFromText('udp+'), thresholds);
    expect(nodeReportFrom({ ...parts, identity: ipv6Only, health: proven })).toMatchObject(ipv6Only);
  });
});

describe('the state in the report', () => {
  test.each([
    ['udp+', 'healthy', 'healthy', 'proven'],
    ['udp-', 'unhealthy', 'unhealthy', 'timeout'],
    ['udp! tcp-', 'draining', 'draining', 'draining'],
  ])('after %s, twice, is %s', (text, status, state, reason) => {
    const last = roundFromText(text);
    const twice = [last, last].reduce((before, next) => healthAfterRound(before, next, thresholds), startingHealth);
    expect(nodeReportFrom({ ...parts, health: twice, round: last })).toMatchObject({
      status,
      probe: { state, reason },
    });
  });

  test('is allocation_only if only allocations can be proven', () => {
    const last = roundOf({ udp: passed({ depth: 'allocation', denied: true, relayLatencyMs: undefined }) });
    const once = healthAfterRound(startingHealth, last, thresholds);
    expect(nodeReportFrom({ ...parts, health: once, round: last }).probe).toMatchObject({
      state: 'healthy',
      reason: 'allocation_only',
      udp: { ok: true, proof: 'allocation' },
    });
  });

  test('is not_proven_often_enough before enough successes', () => {
    const last = roundFromText('udp+');
    const once = healthAfterRound(startingHealth, last, { success: 2, failure: 2 });
    expect(nodeReportFrom({ ...parts, health: once, round: last })).toMatchObject({
      status: 'unhealthy',
      probe: { state: 'starting', reason: 'not_proven_often_enough' },
    });
  });

  test('holds the whole days left of a certificate', () => {
    const inDays = (days: number) => parts.nowMs + days * 86_400_000;
    const last = roundOf({ tls: passed({ certificateExpiresAtMs: inDays(29.9) }) });
    expect(nodeReportFrom({ ...parts, round: last }).probe).toMatchObject({ tls: { certificate_days_left: 29 } });
  });
});
