import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../../process/start-process.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { temporaryDirectory } from '../../fixtures/temporary-directory.ts';

export type PrometheusServer = RunningProcess & {
  readonly port: number;
  /** Runs an instant query, and returns the value of each series by its label `instance`. */
  readonly query: (promql: string) => Promise<ReadonlyMap<string, number>>;
};

/** Starts a real Prometheus server on loopback that scrapes these targets (`host:port`) five times a second. */
export async function startPrometheus(options: {
  targets: readonly string[];
  port?: number;
}): Promise<PrometheusServer> {
  const port = options.port ?? (await freePort());
  const directory = await temporaryDirectory('prometheus');
  const configFile = join(directory.path, 'prometheus.yml');
  // JSON is YAML.
  const config = {
    global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
    scrape_configs: [{ job_name: 'test', static_configs: [{ targets: options.targets }] }],
  };
  await writeFile(configFile, JSON.stringify(config));
  const url = `http://127.0.0.1:${port}`;
  const server = await startProcess({
    name: 'prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(directory.path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  const stop = async (graceMs?: number): Promise<void> => {
    await server.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return {
    ...server,
    port,
    query: (promql) => queryByInstance(url, promql),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

async function queryByInstance(url: string, promql: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`);
  if (!response.ok) throw new Error(`Prometheus responded with status ${response.status}: ${await response.text()}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read for tests, which compare what they find
  const { data } = (await response.json()) as {
    data: { result: { metric: { instance: string }; value: [number, string] }[] };
  };
  return new Map(data.result.map(({ metric, value }) => [metric.instance, Number(value[1])]));
}
