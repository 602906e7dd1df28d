import { nodeReportSchema } from '@turn-router/contract/registry';
import { createRedisRegistry } from '@turn-router/registry';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boundMs, eventually, freePort, startCoturn, startRedis, seededRandom } from '@turn-router/testing';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  program,
  redisPassword,
  region,
  secret,
  startReporterStage,
  type ReporterStage,
} from './reporter-stage.fixture.ts';

const token = 'tK3-reporter-token';

let stage: ReporterStage;

beforeAll(async () => {
  stage = await startReporterStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

/** Texts that no log line may hold: the secrets, the token, and anything that looks like a credential made from them. */
function expectNoSecretIn(log: string): void {
  for (const forbidden of [secret, redisPassword, token, '"credential"', '"username"', ':probe']) {
    expect(log).not.toContain(forbidden);
  }
}

async function bindUdp(port: number) {
  const socket = createSocket('udp4');
  await once(socket.bind(port, '127.0.0.1'), 'listening');
  return socket;
}

describe('a reporter with a real coturn and a real Redis', () => {
  test('reports healthy, unhealthy within three intervals of a kill -9 of coturn, and draining at SIGTERM, then removes the record', async () => {
    await using coturn = await startCoturn({ secrets: [secret] });
    await using reporter = await stage.startReporter(coturn.port, { REPORT_INTERVAL_SECONDS: '1' });
    const healthy = await stage.eventualReport(reporter.id, 'healthy', ({ status }) => status === 'healthy');
    expect(nodeReportSchema.parse(healthy)).toMatchObject({
      status: 'healthy',
      public_ip: '127.0.0.1',
      port: coturn.port,
      transports: ['udp', 'tcp'],
      software: expect.stringMatching(/^Coturn/),
      secret_ids: ['default'],
      probe: {
        state: 'healthy',
        reason: 'proven',
        udp: { ok: true, proof: 'relay', latency_ms: expect.any(Number), relay_ms: expect.any(Number) },
        tcp: { ok: true, proof: 'relay', latency_ms: expect.any(Number), relay_ms: expect.any(Number) },
      },
    });

    const killedAtMs = performance.now();
    coturn.signal('SIGKILL');
    const unhealthy = await stage.eventualReport(reporter.id, 'unhealthy', ({ status }) => status === 'unhealthy');
    expect(performance.now() - killedAtMs).toBeLessThan(boundMs(3_000));
    const refused = { ok: false, reason: 'unreachable', text: 'the server is unreachable: ECONNREFUSED' };
    expect(unhealthy.probe).toEqual({
      state: 'unhealthy',
      reason: 'unreachable',
      text: `udp: ${refused.text}; tcp: ${refused.text}`,
      udp: refused,
      tcp: refused,
    });
    expect(unhealthy.boot_id).toBe(healthy.boot_id);
    expect(unhealthy.seq).toBeGreaterThan(healthy.seq ?? Infinity);
    // Both run on one machine with one clock.
    expect(Math.abs(unhealthy.clock_offset_ms ?? Infinity)).toBeLessThan(1_000);

    const stoppedAtMs = performance.now();
    reporter.signal('SIGINT');
    await stage.eventualReport(reporter.id, 'draining', ({ status }) => status === 'draining');
    expect(performance.now() - stoppedAtMs).toBeLessThan(boundMs(1_100));
    expect(await reporter.exited).toBe(0);
    expect(await stage.findReport(reporter.id)).toBeUndefined();
    expectNoSecretIn(reporter.output());
  });

  test('reports a hanging coturn as unhealthy, and as healthy once it continues', async () => {
    await using coturn = await startCoturn({ secrets: [secret] });
    await using reporter = await stage.startReporter(coturn.port);
    await stage.eventualReport(reporter.id, 'healthy', ({ status }) => status === 'healthy');
    coturn.signal('SIGSTOP');
    const { probe, seq = 0 } = await stage.eventualReport(
      reporter.id,
      'unhealthy',
      ({ status }) => status === 'unhealthy',
    );
    expect(probe).toMatchObject({
      reason: 'timeout',
      udp: { ok: false, reason: 'timeout', text: expect.stringMatching(/^no answer within (400|39\d) ms$/) },
    });
    const hungAtMs = performance.now();
    await stage.eventualReport(reporter.id, 'reported four times more', (report) => (report.seq ?? 0) >= seq + 4);
    expect(performance.now() - hungAtMs).toBeLessThan(boundMs(4 * 500 * 1.1 + 1_500));
    coturn.signal('SIGCONT');
    await stage.eventualReport(reporter.id, 'healthy again', ({ status }) => status === 'healthy');
  });

  test('reports unhealthy with the reason if coturn has another secret', async () => {
    await using coturn = await startCoturn({ secrets: ['sL2-second-south-secret'] });
    await using reporter = await stage.startReporter(coturn.port, {}, '"msg":"the node is unhealthy"');
    const report = await stage.eventualReport(reporter.id, 'unhealthy', ({ status }) => status === 'unhealthy');
    const refused = {
      ok: false,
      reason: 'credentials_refused',
      text: expect.stringMatching(/^the server refused allocate: 401 Unauth/),
    };
    expect(report.probe).toMatchObject({ reason: 'credentials_refused', udp: refused, tcp: refused });
    expect(report.secret_ids).toBeUndefined();
    expect(reporter.output()).toMatch(
      /"reason":"credentials_refused","text":"udp: the server refused allocate: 401 \w+; tcp: the server refused allocate: 401 \w+"/,
    );
    expectNoSecretIn(reporter.output());
  });

  test('counts bound relay ports, and newly bound ones', async () => {
    const socket = await bindUdp(0);
    const { port } = socket.address();
    // One port stays free. Without a free port, the node reports younger allocations, too.
    const range = { RELAY_MIN_PORT: `${port}`, RELAY_MAX_PORT: `${port + 1}` };
    await using reporter = await stage.startReporter(await freePort(), range);
    const first = await stage.eventualReport(reporter.id, 'reported', () => true);
    expect(first).toMatchObject({ allocations: 1, allocations_started: 0 });
    socket.close();
    const later = await stage.eventualReport(reporter.id, 'without the first', ({ allocations }) => allocations === 0);
    expect(later.allocations_started).toBe(0);
    const second = await bindUdp(port);
    const last = await stage.eventualReport(
      reporter.id,
      'seen with the second',
      ({ allocations }) => allocations === 1,
    );
    expect(last.allocations_started).toBe(1);
    second.close();
  });

  test('counts an allocation that starts and ends between two reports', async () => {
    // Longer than probes of other nodes.
    const allocationMs = 8_500;
    const port = await freePort();
    // One port stays free. Without a free port, the node reports younger allocations, too.
    const range = { RELAY_MIN_PORT: `${port}`, RELAY_MAX_PORT: `${port + 1}`, REPORT_INTERVAL_SECONDS: '12' };
    await using reporter = await stage.startReporter(await freePort(), range);
    const { seq = 0 } = await stage.eventualReport(reporter.id, 'reported', () => true);
    const socket = await bindUdp(port);
    await delay(allocationMs);
    socket.close();
    const next = await stage.eventualReport(reporter.id, 'reported again', (report) => (report.seq ?? 0) > seq);
    expect(next.allocations_started).toBe(1);
  });

  test('does not count the allocations of its own probes', async () => {
    await using coturn = await startCoturn({ secrets: [secret] });
    const { min, max } = coturn.relayPorts;
    const range = { RELAY_MIN_PORT: `${min}`, RELAY_MAX_PORT: `${max}` };
    await using reporter = await stage.startReporter(coturn.port, range);
    const report = await stage.eventualReport(reporter.id, 'probed five times', ({ seq = 0 }) => seq >= 5);
    expect(report).toMatchObject({ status: 'healthy', allocations: 0, allocations_started: 0 });
  });

  test('starts without Redis, logs that once, and reports once Redis is reachable', async () => {
    await using coturn = await startCoturn({ secrets: [secret] });
    const port = await freePort();
    const missing = '"msg":"the registry is unreachable: retrying the report"';
    await using reporter = await stage.startReporter(coturn.port, { REDIS_URL: `redis://127.0.0.1:${port}` }, missing);
    await using late = await startRedis({ port });
    const log = await eventually('the reports to arrive', () => {
      const output = reporter.output();
      return output.includes('"msg":"the registry accepts reports again"') && output;
    });
    expect(log.split(missing)).toHaveLength(2);
    await using lateRegistry = createRedisRegistry({
      url: late.url,
      name: 'test',
      random: seededRandom(1),
      commandTimeoutMs: 60_000,
    });
    const { records } = await eventually('the reading', () => lateRegistry.readAll());
    expect(records).toMatchObject([{ key: { region, id: reporter.id }, report: { status: 'healthy' } }]);
  });
});

describe('a reporter that reports to the router', () => {
  test('sends reports with its token, and at SIGINT a draining report and the removal', async () => {
    const requests: { line: string; authorization: string | undefined; status: unknown }[] = [];
    async function record(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const body = await text(request);
      const status = body === '' ? undefined : nodeReportSchema.parse(JSON.parse(body)).status;
      const { method = '', url = '', headers } = request;
      requests.push({ line: `${method} ${url}`, authorization: headers.authorization, status });
      response.writeHead(204).end();
    }
    const server = createServer((request, response) => void record(request, response));
    const port = await freePort();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    await using coturn = await startCoturn({ secrets: [secret] });
    const destination = { ROUTER_URL: `http://127.0.0.1:${port}`, REPORTER_TOKEN: token };
    await using reporter = await stage.startReporter(coturn.port, destination);
    await eventually('the first report', () => requests.length > 0);
    reporter.signal('SIGINT');
    expect(await reporter.exited).toBe(0);
    server.close();

    const path = `/v1/nodes/${region}/${reporter.id}`;
    const authorization = `Bearer ${token}`;
    expect(requests.slice(0, 2)).toEqual([
      // The first report has the offset of the clock already.
      { line: 'HEAD /livez', authorization, status: undefined },
      { line: `PUT ${path}?ttlSeconds=2`, authorization, status: 'healthy' },
    ]);
    expect(requests.slice(-2)).toEqual([
      { line: `PUT ${path}?ttlSeconds=2`, authorization, status: 'draining' },
      { line: `DELETE ${path}`, authorization, status: undefined },
    ]);
    expectNoSecretIn(reporter.output());
  });
});

function run(args: string[], env: Record<string, string> = {}) {
  return promisify(execFile)(process.execPath, [program, ...args], { env });
}

describe('the command', () => {
  test('answers --help and --version without any setting', async () => {
    expect((await run(['--help'])).stdout).toMatch(/^Usage: .*\n/);
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('stops the start with all faults of the settings at once, without any secret', async () => {
    const env = { REGION: 'EU', NODE_ID: 'n1', PUBLIC_IP: '127.0.0.1', TURN_SECRETS: secret, REDIS_URL: redisPassword };
    await expect(run([], env)).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: [
        'health-reporter cannot start: 3 fault(s) in its settings (--help lists all settings)',
        '  REGION: Invalid value "EU": expected 1–63 characters of a–z, 0–9 and "-", not starting with "-". Write, for example, eu',
        '  TURN_SECRETS: entry 1: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"',
        '  REDIS_URL: not a Redis URL: expected redis://[user:password@]host[:port][/database] or redis+sentinel://[user:password@]host:port,host:port/name[/database] or redis+cluster://[user:password@]host:port,host:port, or the same with rediss for TLS',
        '',
      ].join('\n'),
    });
  });
});
