import { nodeReportMaxBytes, nodeReportSchema } from '@turn-router/contract';
import { describe, expect, test } from '@jest/globals';
import { healthAfterRound, startingHealth } from './health-state.ts';
import { nodeReportFrom, type ReportParts } from './node-report.ts';
import type { ProbeRound } from './probe/probe-round.ts';

const round: ProbeRound = new Map([
  ['udp', { ok: true, latencyMs: 1.2345, relayPort: 50_000, software: 'Coturn-4.6.1' }],
  ['tcp', { ok: false, reason: 'no answer within 2000 ms' }],
]);
const health = healthAfterRound(startingHealth, round, { success: 1, failure: 2 });
const parts: ReportParts = {
  identity: { public_ip: '192.0.2.50', port: 3478 },
  bootId: 'boot-1',
  seq: 7,
  nowMs: Date.UTC(2026, 10, 21, 8),
  health,
  draining: false,
  round,
  load: { cpuPercent: 12.3456, bandwidthMbps: 150.12345, allocations: { live: 3, started: 8 } },
};
const wire = (changes: Partial<ReportParts> = {}): unknown =>
  JSON.parse(JSON.stringify(nodeReportFrom({ ...parts, ...changes })));

describe('a report on the wire', () => {
  const expected = {
    status: 'healthy',
    cpu: 12.3,
    bandwidth_mbps: 150.123,
    public_ip: '192.0.2.50',
    port: 3_478,
    transports: ['udp'],
    allocations: 3,
    allocations_started: 8,
    boot_id: 'boot-1',
    seq: 7,
    reported_at: '2026-11-21T08:00:00.000Z',
    software: 'Coturn-4.6.1',
    probe: { udp: { ok: true, latency_ms: 1.2 }, tcp: { ok: false, reason: 'no answer within 2000 ms' } },
  };

  test('holds the proven transports, rounded figures and the last probe', () => {
    expect(wire()).toEqual(expected);
  });

  test('keeps its transports while draining', () => {
    expect(wire({ draining: true })).toEqual({ ...expected, status: 'draining' });
  });

  test('is unhealthy and names no transport before anything is proven; what is not known is left out', () => {
    const { transports, allocations, allocations_started, software, ...rest } = expected;
    expect([transports, allocations, allocations_started, software]).not.toContain(undefined);
    const load = { ...parts.load, allocations: undefined };
    expect(wire({ health: startingHealth, round: new Map(), load })).toEqual({
      ...rest,
      status: 'unhealthy',
      probe: {},
    });
  });

  test('has every other address and port of its node, and its zone', () => {
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

  test('is a valid report and fits, even with the longest texts that a server may send', () => {
    const long = 'x'.repeat(128);
    const worst: ProbeRound = new Map([
      ['udp', { ok: true, latencyMs: 1, relayPort: 50_000, software: long }],
      ['tcp', { ok: false, reason: `the server refused allocate: 401 ${long}` }],
      ['tls', { ok: false, reason: `the server refused allocate: 401 ${long}` }],
    ]);
    const report = nodeReportFrom({ ...parts, round: worst });
    expect(nodeReportSchema.safeParse(report).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(nodeReportMaxBytes / 2);
  });
});
