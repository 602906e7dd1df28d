import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventually,
  freePort,
  startParts,
  startPrometheus,
  startTrafficExporter,
  type PrometheusServer,
  type TrafficExporter,
} from '@turn-router/testing';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createAskPrometheus, type PrometheusSample } from './ask-prometheus.ts';
import { figuresFromSamples } from './figures-from-samples.ts';

const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

let machines: { exporters: TrafficExporter[]; prometheus: PrometheusServer } & AsyncDisposable;
let traffic: string;

beforeAll(async () => {
  machines = await startParts(async (add) => {
    const port = await freePort();
    const exporters = await Promise.all(addresses.map((address) => startTrafficExporter({ address, port })));
    for (const exporter of exporters) add(exporter);
    traffic = `max by (instance) (rate(node_network_transmit_bytes_total{instance=~"(%s):${port}"}[1s]))`;
    const targets = exporters.map(({ address }) => `${address}:${port}`);
    return { exporters, prometheus: add(await startPrometheus({ targets })) };
  });
});

afterAll(async () => {
  await machines[Symbol.asyncDispose]();
});

function askFor(
  query: string,
  {
    endpoint = 'http://127.0.0.1',
    port = machines.prometheus.port,
    timeoutSeconds = 5,
    stop = new AbortController().signal,
  } = {},
): (asked: readonly string[]) => Promise<PrometheusSample[]> {
  const ask = createAskPrometheus({
    algorithm: 'metrics',
    intervalMinutes: 5,
    durationMinutes: 0.02,
    timeoutSeconds,
    prometheus: { endpoint, port, query, unit: 'bytesPerSecond' },
  });
  return (asked) => ask(asked, stop);
}

async function instancesOf(query: string): Promise<(string | undefined)[]> {
  return (await askFor(query)(['127.0.0.2'])).map(({ labels }) => labels['instance']?.split(':')[0]);
}

async function withServer<T>(answer: RequestListener, run: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    return await run(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a real Prometheus', () => {
  test('returns the changing traffic of the requested nodes', async () => {
    const figures = async (asked: readonly string[]) =>
      figuresFromSamples(await askFor(traffic)(asked), new Set(addresses));
    const follows = (rates: readonly number[]) => {
      for (const [index, exporter] of machines.exporters.entries()) exporter.setRate(rates[index] ?? 0);
      return eventually(
        `the figures to be ${rates.join(', ')} within a tenth`,
        async () => {
          const seen = await figures(addresses);
          return addresses.every((address, index) => {
            const rate = rates[index] ?? 0;
            return Math.abs((seen.get(address) ?? -1) - rate) <= rate * 0.1;
          });
        },
        // Prometheus refreshes its targets every 5 s.
        { timeoutMs: 30_000 },
      );
    };
    await follows([1_000_000, 5_000_000, 3_000_000]);
    await follows([6_000_000, 0, 3_000_000]);
    expect([...(await figures(addresses.slice(1))).keys()].toSorted()).toEqual(addresses.slice(1));
  });

  test('handles a query for hundreds of nodes', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `10.9.${index >> 8}.${index & 255}`);
    expect(await askFor('up{instance=~"(%s):.*"}')([...many, '127.0.0.1'])).toHaveLength(1);
  });

  test('accepts a query in any quotes, with a comment at its end', async () => {
    for (const quote of ['"', "'", '`']) {
      expect(await instancesOf(`up{instance=~${quote}%s:[0-9]+${quote}} # of the nodes`)).toEqual(['127.0.0.2']);
    }
  });

  test.each([
    ['up{', /^Prometheus refuses the query: bad_data: .*parse error/],
    ['up[5m]', /^Prometheus refuses the query: bad_data: /],
  ])('refuses %j with a reason', async (query, reason) => {
    await expect(askFor(query)(addresses)).rejects.toThrow(reason);
  });
});

test.each(['', '/', ':1/prometheus', '/prometheus/', '/a/b'])(
  'asks below the path of the endpoint http://127.0.0.1%s, at the port',
  async (rest) => {
    const asked: (string | undefined)[] = [];
    await withServer(
      (req, res) => {
        asked.push(req.url);
        res.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
      },
      (port) => askFor('up', { endpoint: `http://127.0.0.1${rest}`, port })(addresses),
    );
    expect(asked).toEqual([`${rest.replace(/^:1/, '').replace(/\/$/, '')}/api/v1/query`]);
  },
);

describe('an unusable Prometheus', () => {
  test('fails if nothing listens', async () => {
    const port = await freePort();
    await expect(askFor('up', { port })(addresses)).rejects.toMatchObject({
      name: 'PrometheusError',
      message: 'the request failed: ECONNREFUSED',
    });
  });

  test('fails if it takes too long', async () => {
    const asking = withServer(
      () => {},
      (port) => askFor('up', { port, timeoutSeconds: 0.05 })(addresses),
    );
    await expect(asking).rejects.toMatchObject({
      name: 'PrometheusError',
      message: 'the request failed: TimeoutError',
    });
  });

  test('fails if the response has no end', async () => {
    const asking = withServer(
      (_req, res) => {
        const more = () => res.write(' '.repeat(1_000_000), (error) => error ?? more());
        more();
      },
      (port) => askFor('up', { port })(addresses),
    );
    await expect(asking).rejects.toMatchObject({
      name: 'PrometheusError',
      message: 'the response is longer than 8388608 bytes',
    });
  });

  test('fails if the watch ends meanwhile', async () => {
    const stop = new AbortController();
    const asking = withServer(
      () => stop.abort(),
      (port) => askFor('up', { port, stop: stop.signal })(addresses),
    );
    await expect(asking).rejects.toMatchObject({ name: 'PrometheusError', message: 'the request failed: AbortError' });
  });

  test.each([
    [200, '<html>'],
    [502, ''],
    [200, '{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}'],
    [200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,2]}]}}'],
  ])('fails if it answers %d %j', async (status, text) => {
    const asking = withServer(
      (_req, res) => res.writeHead(status).end(text),
      (port) => askFor('up', { port })(addresses),
    );
    await expect(asking).rejects.toMatchObject({
      name: 'PrometheusError',
      message: `the response (${status}) has no list of series`,
    });
  });
});
