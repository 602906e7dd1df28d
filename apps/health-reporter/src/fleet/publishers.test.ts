import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import type { ReportPublisher } from '../publish/report-publisher.ts';
import { createDecidedPublisher } from './decided-publisher.ts';
import { createSteadyPublisher } from './steady-publisher.ts';

const key = { region: 'eu', id: 'a' };

function recorded() {
  const reports: NodeReport[] = [];
  const publisher: ReportPublisher = {
    put(_key, published) {
      reports.push(published);
      return Promise.resolve();
    },
    remove: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { reports, publisher };
}

function reportOf(seq: number, changes: Partial<NodeReport> = {}): NodeReport {
  return {
    status: 'healthy',
    cpu: 0,
    bandwidth_mbps: 100,
    port: 3478,
    public_ip: '192.0.2.1',
    seq,
    reported_at: `2026-11-21T08:00:0${seq}Z`,
    probe: { udp: { ok: true, latency_ms: seq } },
    ...changes,
  };
}

/** The published reports by their number; `answersAt` is the number of responses before each report. */
async function steadily(reports: NodeReport[], answersAt: number[] = []) {
  const { reports: seen, publisher } = recorded();
  let answers = 0;
  const steady = createSteadyPublisher(publisher, () => answers);
  for (const [index, next] of reports.entries()) {
    answers = answersAt[index] ?? 0;
    await steady.put(key, next, 1);
  }
  return seen.map(({ seq }) => seq);
}

async function decidedly(thresholds: { success: number; failure: number }, ...statuses: NodeReport['status'][]) {
  const { reports, publisher } = recorded();
  const told: string[] = [];
  const decided = createDecidedPublisher(publisher, thresholds, (status) => told.push(status));
  for (const [index, status] of statuses.entries()) await decided.put(key, reportOf(index + 1, { status }), 1);
  expect(told).toEqual(reports.map(({ status }) => status));
  return reports.map(({ seq, status }) => `${seq} ${status}`);
}

const probed = (latency_ms: number, certificate_days_left: number) => ({
  probe: { state: 'healthy', udp: { ok: true, latency_ms }, tls: { ok: true, latency_ms, certificate_days_left } },
});

const failed = (reason: string) => ({ status: 'unhealthy', probe: { udp: { ok: false, reason } } }) as const;

describe('a steady publisher', () => {
  test('repeats the identical report until something changes', async () => {
    expect(await steadily([reportOf(1), reportOf(2), reportOf(3, { bandwidth_mbps: 90 }), reportOf(4)])).toEqual([
      1, 1, 3, 4,
    ]);
    expect(await steadily([reportOf(1), reportOf(2, { transports: ['udp'] })])).toEqual([1, 2]);
  });

  test('publishes equal figures as a new report if they come from a new response', async () => {
    expect(await steadily([reportOf(1), reportOf(2), reportOf(3), reportOf(4)], [1, 1, 2, 2])).toEqual([1, 1, 3, 3]);
  });

  test("publishes a change of the certificate's days left, but not of latencies", async () => {
    expect(
      await steadily([reportOf(1, probed(1, 60)), reportOf(2, probed(2, 60)), reportOf(3, probed(3, 59))]),
    ).toEqual([1, 1, 3]);
  });

  test('publishes each reason of an unhealthy node', async () => {
    expect(
      await steadily([
        reportOf(1, failed('no answer')),
        reportOf(2, failed('no answer')),
        reportOf(3, failed('refused')),
      ]),
    ).toEqual([1, 1, 3]);
  });
});

describe('a decided publisher', () => {
  test('withholds unhealthy until enough probes have run', async () => {
    expect(await decidedly({ success: 3, failure: 2 }, 'unhealthy', 'unhealthy', 'unhealthy')).toEqual(['3 unhealthy']);
    expect(await decidedly({ success: 1, failure: 3 }, 'unhealthy', 'healthy', 'healthy', 'unhealthy')).toEqual([
      '2 healthy',
      '3 healthy',
      '4 unhealthy',
    ]);
    expect(await decidedly({ success: 1, failure: 1 }, 'unhealthy')).toEqual(['1 unhealthy']);
  });
});
