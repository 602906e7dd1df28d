import {
  byForm,
  boundMs,
  startFaultyProxy,
  startParts,
  startRedis,
  startScriptedReporters,
  startSteadyLoad,
  type FaultyProxy,
  type LoadAnswer,
  type RedisServer,
  type ScriptedReporters,
  type SteadyLoad,
  seededRandom,
} from '@turn-router/testing';
import { fromLondon, fromVirginia, policyOf, reports, twoRegions, type FaultyNode } from './fleet.ts';
import { isWhole } from './standing.ts';
import { startWatchedRouter, type WatchedRouter, type WatchedRouterOptions } from './watched-router.ts';

export type StageOptions = Partial<Pick<WatchedRouterOptions, 'policy' | 'environment' | 'stateDir'>> & {
  nodes?: readonly FaultyNode[];
  /** Default a real redis-server that the stage starts. */
  redis?: RedisServer;
  ratePerSecond?: number;
  /** See `startScriptedReporters`. */
  varyBandwidth?: boolean;
};

export interface Stage extends AsyncDisposable {
  readonly redis: RedisServer;
  /** Between the router and Redis; the reporters go straight there. */
  readonly proxy: FaultyProxy;
  readonly reporters: ScriptedReporters;
  readonly router: WatchedRouter;
  /** Callers of both regions in turn. */
  readonly load: SteadyLoad;
  /** All calls of the load so far that were not answered with relays, for `toEqual([])`. */
  readonly failures: () => readonly LoadAnswer[];
}

/** A fleet that reports, a router that knows all of it, and callers. What is disposed of is ended in the reverse order of its start. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { nodes = twoRegions, policy = policyOf(), environment = {} } = options;
  return startParts(async (add) => {
    const redis = options.redis ?? add(await startRedis());
    const proxy = add(await startFaultyProxy({ target: { port: redis.port }, random: seededRandom(1) }));
    const reporters = add(
      await startScriptedReporters({ redisPort: redis.port, nodes, ...reports, varyBandwidth: options.varyBandwidth }),
    );
    const router = add(
      await startWatchedRouter({
        redisUrl: `redis://127.0.0.1:${proxy.port}`,
        policy,
        environment,
        ...(options.stateDir === undefined ? {} : { stateDir: options.stateDir }),
      }),
    );
    await router.until('whole fleet', isWhole(nodes.length), boundMs(15_000));
    const load = add(
      startSteadyLoad({
        url: router.url,
        ratePerSecond: options.ratePerSecond ?? byForm({ short: 50, full: 200 }),
        maxSeconds: 1_200,
        callers: [fromLondon, fromVirginia],
      }),
    );
    const failures = () => load.answers().filter(({ status }) => status !== 200);
    return { redis, proxy, reporters, router, load, failures };
  });
}
