import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { allocateAndRelease, sendBinding } from '@turn-router/stun';
import { collectGarbage, startSlowServer, type Slowness } from '@turn-router/testing';
import { createAskPrometheus } from '../fleet/ask-prometheus.ts';
import { readExporterAllocations } from '../measure/exporter-allocations.ts';
import { createRouterPublisher } from '../publish/router-publisher.ts';
import { openCoturnCli } from '../relays/coturn-cli/open-coturn-cli.ts';

/** Long enough for several garbage collections. */
const timeoutMs = 500;

const key = { region: 'eu-central-1', id: 'node-01' };
const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;

async function endOf(call: () => Promise<unknown>): Promise<unknown> {
  using _ = collectGarbage();
  return await call().catch((error: unknown) => error);
}

const askPrometheus = (port: number, stop: AbortSignal, timeoutSeconds = timeoutMs / 1000) =>
  createAskPrometheus({
    algorithm: 'metrics',
    intervalMinutes: 5,
    durationMinutes: 5,
    timeoutSeconds,
    prometheus: { endpoint: 'http://127.0.0.1', port, query: 'up{instance=~"%s"}', unit: 'bytesPerSecond' },
  })(['127.0.0.1'], stop);

const tooSlow = { name: 'RegistryError', message: 'the router is unreachable: TimeoutError' };

describe.each<Slowness>(['hangs', 'drips'])('while garbage is collected, a call to a server that %s', (slowness) => {
  test.each([1, 2, 3])('to Prometheus ends at its deadline (%i)', async () => {
    await using server = await startSlowServer(slowness);
    const stop = new AbortController();
    expect(await endOf(() => askPrometheus(server.port, stop.signal))).toMatchObject({
      name: 'PrometheusError',
      message: 'the request failed: TimeoutError',
    });
  });

  test('to Prometheus ends when the fleet watch stops', async () => {
    await using server = await startSlowServer(slowness);
    const stop = new AbortController();
    const ended = endOf(() => askPrometheus(server.port, stop.signal, 600));
    setTimeout(() => stop.abort(), timeoutMs);
    expect(await ended).toMatchObject({ name: 'PrometheusError' });
  });

  test('to an exporter ends at its deadline', async () => {
    await using server = await startSlowServer(slowness);
    const url = `http://127.0.0.1:${server.port}/metrics`;
    expect(await endOf(() => readExporterAllocations(url, timeoutMs))).toBeUndefined();
  });

  test('to a router ends at its deadline, for each kind of request', async () => {
    await using server = await startSlowServer(slowness);
    await using publisher = createRouterPublisher({ url: `http://127.0.0.1:${server.port}`, token: 'x', timeoutMs });
    expect(await endOf(() => publisher.put(key, report, 15_000))).toMatchObject(tooSlow);
    expect(await endOf(() => publisher.remove(key))).toMatchObject(tooSlow);
  });

  test('to the CLI of coturn ends at its deadline', async () => {
    await using server = await startSlowServer(slowness);
    const cli = { host: '127.0.0.1', port: server.port, timeoutMs };
    expect(await endOf(() => openCoturnCli(cli, 'password'))).toMatchObject({
      message: `no response within ${timeoutMs} ms`,
    });
  });
});

// A response to HEAD has no body, so only its head can be missing.
test('while garbage is collected, a question for the time of a router that hangs ends at its deadline', async () => {
  await using server = await startSlowServer('hangs');
  await using publisher = createRouterPublisher({ url: `http://127.0.0.1:${server.port}`, token: 'x', timeoutMs });
  expect(await endOf(() => publisher.readClock())).toMatchObject(tooSlow);
});

describe('while garbage is collected, a probe', () => {
  const credentials = { username: 'user', credential: 'password' };

  test.each(['udp', 'tcp', 'tls'] as const)(
    'over %s of a server that hangs ends at its deadline',
    async (transport) => {
      await using stream = await startSlowServer('hangs');
      const datagrams = createSocket('udp4').bind(0, '127.0.0.1');
      await once(datagrams, 'listening');
      const port = transport === 'udp' ? datagrams.address().port : stream.port;
      const server = { host: '127.0.0.1', port, transport };
      try {
        expect(await endOf(() => sendBinding(server, { timeoutMs }))).toMatchObject({ code: 'timeout' });
        expect(await endOf(() => allocateAndRelease(server, credentials, { timeoutMs }))).toMatchObject({
          code: 'timeout',
        });
      } finally {
        datagrams.close();
      }
    },
  );
});
