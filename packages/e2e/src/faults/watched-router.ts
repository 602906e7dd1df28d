import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, startRouter, temporaryDirectory, type RouterProcess } from '@turn-router/testing';
import { parseStanding, type RouterStanding } from './standing.ts';

export type WatchedRouterOptions = {
  /** One URL, or several separated by white space. */
  redisUrl: string;
  policy: string;
  environment?: Readonly<Record<string, string>>;
  /** Default: nothing is written. */
  stateDir?: string;
};

export type WatchedRouter = RouterProcess & {
  /** What `GET /readyz` says. */
  readonly standing: () => Promise<RouterStanding>;
  /** Waits until the standing is as asked, and says how long that took, ms. */
  readonly until: (what: string, isSo: (standing: RouterStanding) => boolean, timeoutMs: number) => Promise<number>;
  /** The sum of a metric over the labels that are not given. */
  readonly metric: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  /** Lines of its log that hold this text; those of requests, which name nodes too, left out. */
  readonly logged: (text: string) => Promise<readonly string[]>;
};

/** The router writes its lines several at a time, each after 100 ms at the latest. */
const gatheredMs = 500;

/** A built router with the tiny GeoIP file; callers say by X-Forwarded-For where they are. */
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
  const standing = async () => parseStanding(await (await fetch(`${router.url}/readyz`)).text());
  const stop = async (graceMs?: number) => {
    await router.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return {
    ...router,
    standing,
    async until(what, isSo, timeoutMs) {
      const startedAtMs = performance.now();
      let last: RouterStanding | undefined;
      try {
        await eventually(what, async () => isSo((last = await standing())), { timeoutMs, everyMs: 20 });
      } catch (cause) {
        throw new Error(`no ${what} within ${timeoutMs} ms: ${JSON.stringify(last)}`, { cause });
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
      await delay(gatheredMs);
      return router
        .output()
        .split('\n')
        .filter((line) => line.includes(text) && !line.includes('"requestId"'));
    },
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
