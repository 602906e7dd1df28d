import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  silentPort,
  startCoturn,
  startFaultyProxy,
  startParts,
  startRedis,
  startRouter,
  startScriptedReporters,
  startSteadyLoad,
  temporaryDirectory,
  tinyGeoCallers,
  type RouterProcess,
  type SteadyLoad,
} from '@turn-router/testing';
import { writeGarbageCollector } from '../write-garbage-collector.ts';
import type { SoakStage } from './soak-faults.ts';

export interface SoakFleet extends AsyncDisposable {
  readonly router: RouterProcess;
  readonly load: SteadyLoad;
  readonly stage: SoakStage;
  /** Whether the registry and its snapshot in the router are fresh. */
  readonly isFresh: () => Promise<boolean>;
}

const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-1'];
const nodesPerRegion = 20;
const policy = `
defaultRegion: us-east-1
regions:
  us-east-1:      {location: [38.95, -77.45], spillover: [eu-central-1, ap-southeast-1]}
  eu-central-1:   {location: [50.11, 8.68],   spillover: [us-east-1, ap-southeast-1]}
  ap-southeast-1: {location: [1.35, 103.82],  spillover: [us-east-1, eu-central-1]}
`;

/** The values of the design: a report every five seconds, valid for fifteen. */
const reports = { intervalMs: 5_000, ttlMs: 15_000 };

/**
 * Starts a router that reads Redis through a faulty proxy, and callers near each of three regions. The nodes exist only in Redis. Two thirds
 * of them answer STUN; one coturn answers for all of these.
 */
export async function startSoakFleet(options: {
  callsPerSecond: number;
  maxSeconds: number;
  random: () => number;
}): Promise<SoakFleet> {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('soak'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const coturn = add(await startCoturn({ secrets: ['north-secret-of-2026'] }));
    let redis = add(await startRedis());
    const { port } = redis;
    const proxy = add(await startFaultyProxy({ target: { port }, random: options.random }));
    const nodes = regions.flatMap((region) => nodesOf(region, coturn.port));
    const reporters = add(await startScriptedReporters({ redisPort: port, nodes, ...reports }));
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: 'first=north-secret-of-2026',
        reporterToken: 'reporter-token-of-2026',
        redisUrl: `redis://127.0.0.1:${proxy.port}`,
        environment: {
          TRUSTED_PROXIES: '127.0.0.1/32',
          // The values of the image.
          MALLOC_ARENA_MAX: '1',
          MALLOC_MMAP_THRESHOLD_: '65536',
          NODE_OPTIONS: `--import=${await writeGarbageCollector(directory.path, 'twice a minute')} --max-semi-space-size=2`,
        },
      }),
    );
    const readiness = async () => (await fetch(`${router.url}/readyz`)).text();
    const isFresh = async () => /"trust":"fresh".*"state":"fresh"/.test(await readiness());
    await eventually('the router to count every node as healthy', async () =>
      (await readiness()).includes(`"healthyNodes":${nodes.length}`),
    );
    const load = add(
      startSteadyLoad({
        url: router.url,
        ratePerSecond: options.callsPerSecond,
        maxSeconds: options.maxSeconds,
        callers: Object.values(tinyGeoCallers).map((address) => ({ headers: { 'x-forwarded-for': address } })),
      }),
    );
    const stage: SoakStage = {
      redis: () => redis,
      async replaceRedis(down) {
        redis.signal('SIGKILL');
        await redis.stop();
        await down();
        redis = add(await startRedis({ port }));
      },
      proxy,
      reporters,
      nodes: new Map(
        regions.map((region) => [
          region,
          nodes.map(({ name }) => name).filter((name) => name.startsWith(`${region}/`)),
        ]),
      ),
      random: options.random,
    };
    return { router, load, stage, isFresh };
  });
}

function nodesOf(region: string, answeringPort: number) {
  return Array.from({ length: nodesPerRegion }, (_, index) => ({
    name: `${region}/node-${index + 1}`,
    report: {
      status: 'healthy',
      cpu: 5,
      bandwidth_mbps: 10,
      bandwidth_capacity_mbps: 1000,
      public_ip: '127.0.0.1',
      port: index % 3 === 0 ? silentPort : answeringPort,
      boot_id: 'scripted',
    },
  }));
}
