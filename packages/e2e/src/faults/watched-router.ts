import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startRouter, temporaryDirectory, type RouterProcess } from '@turn-router/testing';
import { parseReadiness, type RouterReadiness } from './readiness.ts';

export type WatchedRouterOptions = {
  /** One URL, or several separated by white space. */
  redisUrl: string;
  policy: string;
  environment?: Readonly<Record<string, string>>;
  /** Default: the router writes no state. */
  stateDir?: string;
};

export type WatchedRouter = RouterProcess & {
  /** Reads `GET /readyz`. */
  readonly readiness: () => Promise<RouterReadiness>;
  /** Waits until the condition holds, and returns how long that took, ms. `what` is for the error, e.g. `the node to be gone`. */
  readonly until: (
    what: string,
    condition: (readiness: RouterReadiness) => boolean,
    timeoutMs: number,
  ) => Promise<number>;
  /** Returns the sum of a metric over the labels that are not given. */
  readonly metric: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  /** Returns the log lines that contain this text, except lines of requests, which contain node names too. */
  readonly logged: (text: string) => Promise<readonly string[]>;
};

/** The router buffers log lines for at most 100 ms. */
const logDelayMs = 500;

/** Starts a built router with the tiny GeoIP file. X-Forwarded-For gives a caller's address. */
export async function startWatchedRouter(options: WatchedRouterOptions): Promise<WatchedRouter> {
  const directory = await temporaryDirectory('faults');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, options.policy);
  if (options.stateDir !== undefined) await mkdir(options.stateDir, { recursive: true });
  const router = await startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl: options.redisUrl,
    environment: {
      TRUSTED_PROXIES: '127.0.0.1/32',
      ...(options.stateDir === undefined ? {} : { STATE_DIR: options.stateDir }),
      ...options.environment,
    },
  });
  const readiness = async () => parseReadiness(await (await fetch(`${router.url}/readyz`)).text());
  const stop = async (graceMs?: number) => {
    await router.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return {
    ...router,
    readiness,
    async until(what, condition, timeoutMs) {
      const startedAtMs = performance.now();
      let last: RouterReadiness | undefined;
      try {
        await eventually(what, async () => condition((last = await readiness())), { timeoutMs, everyMs: 20 });
      } catch (cause) {
        throw new Error(
          `waited ${timeoutMs} ms in vain for ${what}: the last answer of /readyz is ${JSON.stringify(last)}`,
          { cause },
        );
      }
      return performance.now() - startedAtMs;
    },
    async metric(name, labels = {}) {
      const text = await (await fetch(`${router.adminUrl}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => new RegExp(`^${name}[ {]`).test(line))
        .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    },
    async logged(text) {
      await delay(logDelayMs);
      return router
        .output()
        .split('\n')
        .filter((line) => line.includes(text) && !line.includes('"requestId"'));
    },
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
