import type { NodeReport } from '@turn-router/contract/registry';
import { createRedisRegistry } from '@turn-router/registry';
import { eventually, startProcess, startRedis, type RunningProcess, seededRandom } from '@turn-router/testing';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
export const secret = 'kJ8-first-north-secret';
export const redisPassword = 'rD5-redis-password';
export const region = 'eu-central-1';

/** A Redis, and reporters that report to it. */
export type ReporterStage = AsyncDisposable & {
  /** Starts the built program for a new node, and waits until it logs `ready`. */
  startReporter(
    turnPort: number,
    settings?: Record<string, string>,
    ready?: string,
  ): Promise<RunningProcess & { id: string }>;
  findReport(id: string): Promise<NodeReport | undefined>;
  eventualReport(id: string, what: string, isWanted: (report: NodeReport) => boolean): Promise<NodeReport>;
};

export async function startReporterStage(): Promise<ReporterStage> {
  const redis = await startRedis({ args: ['--requirepass', redisPassword] });
  const redisUrl = redis.url.replace('//', `//:${redisPassword}@`);
  const registry = createRedisRegistry({
    url: redisUrl,
    name: 'test',
    random: seededRandom(1),
    commandTimeoutMs: 60_000,
  });
  let started = 0;

  async function findReport(id: string): Promise<NodeReport | undefined> {
    const { records } = await registry.readAll();
    return records.find(({ key }) => key.region === region && key.id === id)?.report;
  }

  return {
    async startReporter(turnPort, settings = {}, ready = '"msg":"measuring the CPU load') {
      started += 1;
      const id = `node-${started}`;
      const reporter = await startProcess({
        name: 'health-reporter',
        command: process.execPath,
        args: [program],
        env: {
          REGION: region,
          NODE_ID: id,
          PUBLIC_IP: '127.0.0.1',
          TURN_PORT: `${turnPort}`,
          TURN_SECRET: secret,
          REPORT_INTERVAL_SECONDS: '0.5',
          ...(settings['ROUTER_URL'] === undefined && { REDIS_URL: redisUrl }),
          ...settings,
        },
        isReady: (output) => output.includes(ready),
      });
      return {
        ...reporter,
        id,
        /** Ends the reporter without waiting for the drain. */
        async [Symbol.asyncDispose]() {
          reporter.signal('SIGINT');
          await reporter.stop();
        },
      };
    },
    findReport,
    eventualReport: (id, what, isWanted) =>
      eventually(
        `${id} to be ${what}`,
        async () => {
          const report = await findReport(id);
          return report !== undefined && isWanted(report) && report;
        },
        { everyMs: 20 },
      ),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await redis.stop();
    },
  };
}
