import { describe, expect, test } from '@jest/globals';
import type { NodeKey } from '@turn-router/contract/registry';
import { pino } from 'pino';
import { PrometheusError, type PrometheusSample } from './ask-prometheus.ts';
import { createFleetLoad, equalLoad } from './fleet-load.ts';
import type { LoadUnit } from './load-source.ts';

const neverStopped = new AbortController().signal;

const key = (number: number): NodeKey => ({ region: 'eu', id: `n${number}` });

const nodes = [1, 2, 3].map((number) => ({
  key: key(number),
  identity: { public_ip: `192.0.2.${number}`, port: 3478 },
  privateAddress: `10.0.0.${number}`,
  target: {
    hosts: { IPv4: `10.0.0.${number}` },
    ports: {},
    serverName: undefined,
    realm: undefined,
    proof: 'relay' as const,
    proofIntervalMs: 1,
    proofsInRow: 1,
    timeoutMs: 1,
  },
  thresholds: { success: 1, failure: 1 },
  intervalMs: 1,
  ttlMs: 1,
}));

/** Each response is the figures of the nodes in their order, or a fault. */
async function loadsAfter(
  answers: (number[] | string)[],
  { unit = 'megabitsPerSecond', unhealthy = '' }: { unit?: LoadUnit; unhealthy?: string } = {},
) {
  const asked: string[] = [];
  const log: string[] = [];
  const load = createFleetLoad({
    nodes,
    unit,
    ask(addresses) {
      asked.push(addresses.join(' '));
      const answer = answers.shift() ?? [];
      if (typeof answer === 'string') return Promise.reject(new PrometheusError(answer));
      return Promise.resolve(
        answer.map((value, index): PrometheusSample => ({ labels: { instance: `10.0.0.${index + 1}:9100` }, value })),
      );
    },
    isUnhealthy: ({ id }) => id === unhealthy,
    logger: pino({ base: null }, { write: (line) => log.push(line) }),
  });
  while (answers.length > 0) await load.refresh(neverStopped);
  return {
    loads: nodes.map((node) => load.loadOf(node.key)),
    mbps: nodes.map((node) => load.loadOf(node.key).bandwidthMbps),
    responses: load.responses(),
    asked,
    log: log.map((line) => String(JSON.parse(line).msg)),
  };
}

describe('the load of a fleet', () => {
  test('is the figure of Prometheus', async () => {
    const { mbps, asked, log } = await loadsAfter([[10, 20, 30]]);
    expect(mbps).toEqual([10, 20, 30]);
    expect(asked).toEqual(['10.0.0.1 10.0.0.2 10.0.0.3']);
    expect(log).toEqual([]);
  });

  test.each<[LoadUnit, cpuPercent: number, bandwidthMbps: number]>([
    ['bytesPerSecond', 0, 0.000_96],
    ['bitsPerSecond', 0, 0.000_12],
    ['megabitsPerSecond', 0, 120],
    ['cpuPercent', 100, 0],
  ])('in %s', async (unit, cpuPercent, bandwidthMbps) => {
    const { loads } = await loadsAfter([[120]], { unit });
    expect(loads[0]).toMatchObject({ cpuPercent, bandwidthMbps: expect.closeTo(bandwidthMbps, 9) });
  });

  test('is not queried for unhealthy nodes', async () => {
    expect((await loadsAfter([[10, 20]], { unhealthy: 'n2' })).asked).toEqual(['10.0.0.1 10.0.0.3']);
  });

  test("is the region's average for a node without a figure in the response, which is logged once", async () => {
    const { mbps, log } = await loadsAfter([
      [10, 20],
      [10, 40],
      [1, 2, 3],
    ]);
    expect(mbps).toEqual([1, 2, 3]);
    expect(log).toEqual([
      "no load figure for eu/n3 from Prometheus: reporting the region's average load",
      'Prometheus gives a load figure for eu/n3 again',
    ]);
    expect((await loadsAfter([[10, 20]])).mbps).toEqual([10, 20, 15]);
  });

  test('is equal for all at the previous level while Prometheus is unreachable; the outage and its end are logged once', async () => {
    const away = 'the request failed: ECONNREFUSED';
    expect((await loadsAfter([away])).mbps).toEqual([0, 0, 0]);
    const { mbps, log, responses } = await loadsAfter([[10, 20, 60], away, away]);
    expect(mbps).toEqual([30, 30, 30]);
    expect(responses).toBe(1);
    expect(log).toEqual([
      `no load figures from Prometheus: reporting the same load for all nodes of a region (${away})`,
    ]);
    const back = await loadsAfter([[10, 20, 60], away, [7, 8, 9], away]);
    expect(back.log.slice(1)).toEqual(['Prometheus gives load figures again', back.log[0]]);
  });

  test.each([
    [[], 'the query returns no series'],
    [[NaN, -1], 'none of the returned series has the address of a node and a valid value'],
  ])('is missing with a response of %j', async (answer, reason) => {
    const { mbps, log } = await loadsAfter([[10, 20, 60], answer]);
    expect(mbps).toEqual([30, 30, 30]);
    expect(log).toEqual([
      `no load figures from Prometheus: reporting the same load for all nodes of a region (${reason})`,
    ]);
  });

  test('rethrows a fault that is not from Prometheus', async () => {
    const load = createFleetLoad({
      nodes,
      unit: 'bitsPerSecond',
      ask: () => Promise.reject(new TypeError('broken')),
      isUnhealthy: () => false,
      logger: pino({ level: 'silent' }),
    });
    await expect(load.refresh(neverStopped)).rejects.toThrow('broken');
  });

  test('is not logged as missing when the watch ends', async () => {
    const log: string[] = [];
    const load = createFleetLoad({
      nodes,
      unit: 'bitsPerSecond',
      ask: () => Promise.reject(new PrometheusError('the request failed: AbortError')),
      isUnhealthy: () => false,
      logger: pino({ base: null }, { write: (line) => log.push(line) }),
    });
    await load.refresh(AbortSignal.abort());
    expect(log).toEqual([]);
  });

  test('is equal for all with the algorithm random', async () => {
    await equalLoad.refresh(neverStopped);
    expect(equalLoad.loadOf(key(1))).toMatchObject({ cpuPercent: 0, bandwidthMbps: 0 });
  });
});
