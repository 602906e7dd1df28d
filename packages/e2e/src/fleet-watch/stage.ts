import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coturnAnswerSchema } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import { createRedisRegistry } from '@turn-router/registry';
import {
  eventually,
  freePort,
  startCoturn,
  startFleetWatch,
  startParts,
  startPrometheus,
  startRedis,
  startRouter,
  startTrafficExporter,
  temporaryDirectory,
  seededRandom,
} from '@turn-router/testing';
import { policy } from '../policy.ts';
import { nodeIds, olderFile, privateAddresses, publicNames } from './older-file.ts';

const secret = 'north-secret-of-2026';

export type FleetWatchStage = Awaited<ReturnType<typeof startFleetWatchStage>>;

/** Starts three coturns with exporters, Prometheus, Redis, a router, and a fleet watch with the older balancer's file. */
export function startFleetWatchStage() {
  return startParts(async (add) => {
    const ports = { turn: await freePort(), exporter: await freePort(), prometheus: await freePort() };
    const directory = add(await temporaryDirectory('fleet-watch'));
    const write = async (name: string, text: string) => {
      const path = join(directory.path, name);
      await writeFile(path, text);
      return path;
    };
    const redis = add(await startRedis());
    const registry = add(
      createRedisRegistry({ url: redis.url, name: 'test', random: seededRandom(1), commandTimeoutMs: 60_000 }),
    );
    const coturns = await Promise.all(
      privateAddresses.map(async (address) => add(await startCoturn({ address, port: ports.turn, secrets: [secret] }))),
    );
    const exporters = await Promise.all(
      privateAddresses.map(async (address) => add(await startTrafficExporter({ address, port: ports.exporter }))),
    );
    const targets = privateAddresses.map((address) => `${address}:${ports.exporter}`);
    const startPrometheusAgain = async () => add(await startPrometheus({ targets, port: ports.prometheus }));
    const prometheus = await startPrometheusAgain();
    const router = add(
      await startRouter({
        policyFile: await write('policy.yaml', policy),
        turnSecrets: `first=${secret}`,
        reporterToken: 'reporter-token-of-2026',
        redisUrl: redis.url,
      }),
    );
    const watch = add(
      await startFleetWatch({
        fleetFile: await write('coturn_loadbalancer.yaml', olderFile(ports)),
        turnSecrets: `first=${secret}`,
        destination: { REDIS_URL: redis.url },
        environment: { REGION: 'us-east-1' },
      }),
    );

    const reports = async (): Promise<(NodeReport | undefined)[]> => {
      const { records } = await registry.readAll();
      return nodeIds.map((id) => records.find(({ key }) => key.region === 'us-east-1' && key.id === id)?.report);
    };
    return {
      coturns,
      prometheus,
      startPrometheusAgain,
      router,
      watch,
      /** Sets the traffic of each node from now on, Mbit/s, in the order of the nodes. */
      carry(megabitsPerSecond: readonly number[]) {
        for (const [index, exporter] of exporters.entries())
          exporter.setRate((megabitsPerSecond[index] ?? 0) * 125_000);
      },
      /** Reads the node reports, in the order of the nodes. */
      reports,
      eventualReports: (what: string, isWanted: (report: NodeReport | undefined, index: number) => boolean) =>
        eventually(what, async () => {
          const found = await reports();
          return found.every(isWanted) && found;
        }),
      /** Calls GET /coturn `times` times, one after the other. */
      ask: async (times: number) => {
        const answers = [];
        for (let asked = 0; asked < times; asked += 1) {
          const response = await fetch(`${router.url}/coturn`);
          answers.push(coturnAnswerSchema.parse(await response.json()));
        }
        return answers;
      },
    };
  });
}

/** Returns how many of `times` callers get each node, in the order of the nodes. */
export async function callsPerNode({ ask }: FleetWatchStage, times: number): Promise<number[]> {
  const servers = (await ask(times)).map(({ turn_server }) => turn_server);
  return publicNames.map((name) => servers.filter((server) => server === name).length);
}

/** Whether each node reports the given Mbit/s, within a tenth. */
export const reportsLoads = (megabitsPerSecond: readonly number[]) => (report: NodeReport | undefined, index: number) =>
  Math.abs((report?.bandwidth_mbps ?? -1) - (megabitsPerSecond[index] ?? 0)) <= (megabitsPerSecond[index] ?? 0) * 0.1;
