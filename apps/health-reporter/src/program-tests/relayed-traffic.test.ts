import { nodeReportSchema, type NodeReport } from '@turn-router/contract/registry';
import { expect, test } from '@jest/globals';
import { byForm, eventually, startCoturn, startProcess, startReporter } from '@turn-router/testing';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { parseInterfaceCounters } from '../measure/interface-meter.ts';

const secret = 'kJ8-first-north-secret';
const windowMs = 5_000;
/**
 * The tolerated deviation of a report. On a busy machine the windows of reporter and test lie further apart. Bytes mistaken for bits, or a
 * direction counted twice, would deviate by at least a factor of two.
 */
const tolerance = byForm({ short: 0.4, full: 0.1 });
const leastMbps = byForm({ short: 5, full: 50 });
/** No other coturn of this machine uses these ports; its sockets would count, too. */
const relayPorts = { min: 21_800, max: 21_899 };
const addressSchema = z.object({ port: z.number() });

type SeenReport = { readonly report: NodeReport; readonly atMs: number };

/** Replaces a router and records the reports that it receives. */
async function startReportSink() {
  const reports: SeenReport[] = [];
  const take = async (request: IncomingMessage) => {
    const body = await text(request);
    if (body !== '') reports.push({ report: nodeReportSchema.parse(JSON.parse(body)), atMs: performance.now() });
  };
  const server = createServer((request, response) => void take(request).then(() => response.writeHead(204).end()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = addressSchema.parse(server.address());
  return {
    reports,
    destination: { ROUTER_URL: `http://127.0.0.1:${port}`, REPORTER_TOKEN: 'token-of-the-reporters' },
    [Symbol.dispose]: () => server.close().closeAllConnections(),
  };
}

/** Measures the traffic on loopback independently, ten times a second. */
function watchLoopback() {
  const samples: { readonly atMs: number; readonly bytes: number }[] = [];
  const sample = () => {
    const counters = parseInterfaceCounters(readFileSync('/proc/net/dev', 'utf8'), 'lo');
    samples.push({ atMs: performance.now(), bytes: counters?.receivedBytes ?? NaN });
  };
  sample();
  const timer = setInterval(sample, 100);
  const at = (atMs: number) => samples.findLast((seen) => seen.atMs <= atMs);
  return {
    /** The mean between two times, Mbit/s; undefined without samples. */
    mbps(fromMs: number, toMs: number): number | undefined {
      const [from, to] = [at(fromMs), at(toMs)];
      return from === undefined || to === undefined || to.atMs <= from.atMs
        ? undefined
        : ((to.bytes - from.bytes) * 8) / 1000 / (to.atMs - from.atMs);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

test('reports real relayed traffic while it flows: bandwidth within 10 % of the interface, allocations exactly', async () => {
  await using coturn = await startCoturn({ secrets: [secret], relayPorts, config: ['verbose'] });
  using sink = await startReportSink();
  await using _reporter = await startReporter({
    region: 'eu',
    id: 'n1',
    turnServer: coturn,
    turnSecrets: `a=${secret}`,
    destination: sink.destination,
    environment: { REPORT_INTERVAL_SECONDS: '1', BANDWIDTH_WINDOW_SECONDS: `${windowMs / 1000}` },
  });
  using loopback = watchLoopback();
  // Ten callers that send each other 1000 bytes every millisecond or so, for longer than the test lasts.
  const traffic = '-y -c -u caller -m 10 -l 1000 -n 1000000 -z 1'.split(' ');
  await using _callers = await startProcess({
    name: 'turnutils_uclient',
    command: 'turnutils_uclient',
    args: [...traffic, '-W', secret, '-p', `${coturn.port}`, coturn.address],
    isReady: (output) => output.includes('start_mclient'),
  });
  await eventually('the callers to have reached their rate', () => {
    const nowMs = performance.now();
    const [before, now] = [loopback.mbps(nowMs - 4_000, nowMs - 2_000), loopback.mbps(nowMs - 2_000, nowMs)];
    return before !== undefined && now !== undefined && now > leastMbps && Math.abs(now / before - 1) < tolerance / 2;
  });

  const first = sink.reports.length + windowMs / 1000;
  const reports = await eventually(
    'four reports of whole windows of such traffic',
    () => sink.reports.length >= first + 4 && sink.reports.slice(first, first + 4),
  );
  const granted = coturn.output().match(/user <\d+:caller>: incoming packet ALLOCATE processed, success/g)?.length;
  for (const { report, atMs } of reports) {
    const carriedMbps = loopback.mbps(atMs - windowMs, atMs) ?? NaN;
    expect(carriedMbps).toBeGreaterThan(leastMbps);
    expect(report.bandwidth_mbps / carriedMbps).toBeGreaterThan(1 - tolerance);
    expect(report.bandwidth_mbps / carriedMbps).toBeLessThan(1 + tolerance);
    expect(report).toMatchObject({ allocations: granted, allocations_started: granted, allocations_capacity: 100 });
    expect(report.load).toMatchObject({ drops_per_second: 0, open_files: expect.any(Number) });
  }
});
