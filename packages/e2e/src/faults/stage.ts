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
import { fromLondon, fromVirginia, policyOf, reports, twoRegions, type ScriptedNode } from './fleet.ts';
import { hasAllNodes } from './readiness.ts';
import { startWatchedRouter, type WatchedRouter, type WatchedRouterOptions } from './watched-router.ts';

export type StageOptions = Partial<Pick<WatchedRouterOptions, 'policy' | 'environment' | 'stateDir'>> & {
  nodes?: readonly ScriptedNode[];
  /** Default: a redis-server that the stage starts. */
  redis?: RedisServer;
  ratePerSecond?: number;
  /** See `startScriptedReporters`. */
  varyBandwidth?: boolean;
};

export interface Stage extends AsyncDisposable {
  readonly redis: RedisServer;
  /** Between the router and Redis. The reporters connect to Redis directly. */
  readonly proxy: FaultyProxy;
  readonly reporters: ScriptedReporters;
  readonly router: WatchedRouter;
  /** Calls from both regions in turn. */
  readonly load: SteadyLoad;
  /** Returns all calls so far whose status was not 200. */
  readonly failures: () => readonly LoadAnswer[];
}

/** Starts nodes that report, a router that knows all of them, and a load. Disposal stops them in reverse order. */
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
    await router.until('the router to have all nodes', hasAllNodes(nodes.length), boundMs(15_000));
    const load = add(
      startSteadyLoad({
        url: router.url,
        ratePerSecond: options.ratePerSecond ?? byForm({ short: 20, full: 200 }),
        maxSeconds: 1_200,
        callers: [fromLondon, fromVirginia],
      }),
    );
    const failures = () => load.answers().filter(({ status }) => status !== 200);
    return { redis, proxy, reporters, router, load, failures };
  });
}
