import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  runTurnctl,
  signJwt,
  startParts,
  startRedis,
  startRouter,
  startScriptedReporters,
  temporaryDirectory,
  type RouterProcess,
} from '@turn-router/testing';
import { writeGarbageCollector } from '../write-garbage-collector.ts';
import type { FuzzKnowledge } from './fuzzed-request.ts';

export interface FuzzedRouter extends AsyncDisposable {
  readonly router: RouterProcess;
  readonly knowledge: FuzzKnowledge;
}

const regions = ['us-east-1', 'eu-central-1'];
const policy = `
defaultRegion: us-east-1
regions:
  us-east-1:    {location: [38.95, -77.45], spillover: [eu-central-1]}
  eu-central-1: {location: [50.11, 8.68],   spillover: [us-east-1]}
`;

/** Lifetime of the token: a day, which is longer than any run. */
const tokenSeconds = 86_400;

export type FuzzedRouterOptions = {
  /** Policy text about limits; empty: no limits. */
  readonly limits: string;
  /** Starts what the router uses as its Redis. Undefined: the router uses the real Redis, as the nodes do. */
  readonly startRegistry?: (redisPort: number) => Promise<AsyncDisposable & { readonly url: string }>;
};

/** Starts a router that accepts every kind of caller, and a Redis to which two regions of five nodes report. */
export function startFuzzedRouter({ limits, startRegistry }: FuzzedRouterOptions): Promise<FuzzedRouter> {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('fuzz'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, `${policy}${limits}`);
    const redis = add(await startRedis());
    const nodes = regions.flatMap(nodesOf);
    add(
      await startScriptedReporters({
        redisPort: redis.port,
        nodes,
        intervalMs: 5_000,
        ttlMs: 15_000,
        varyBandwidth: true,
      }),
    );
    const [reporterToken, jwtSecret, adminToken, viewerToken] = [draw(), draw(), draw(), draw()];
    const apiKey = (await runTurnctl(['keys', 'create', 'fuzz'], { REDIS_URL: redis.url })).trim();
    const registry = startRegistry === undefined ? redis : add(await startRegistry(redis.port));
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: `first=${draw()}`,
        reporterToken,
        redisUrl: registry.url,
        environment: {
          AUTH: 'anonymous,api-key,jwt',
          JWT_SECRET: jwtSecret,
          ADMIN_TOKEN: adminToken,
          ADMIN_VIEWER_TOKEN: viewerToken,
          CORS_ORIGINS: 'https://app.example.org',
          // The values of the image.
          MALLOC_ARENA_MAX: '1',
          MALLOC_MMAP_THRESHOLD_: '65536',
          NODE_OPTIONS: `--import=${await writeGarbageCollector(directory.path, 'at SIGUSR2')} --max-semi-space-size=2`,
        },
      }),
    );
    await eventually('the router to count every node as healthy', async () =>
      (await (await fetch(`${router.url}/readyz`)).text()).includes(`"healthyNodes":${nodes.length}`),
    );
    const knowledge: FuzzKnowledge = {
      hints: {
        region: [...regions, 'nowhere-1'],
        requireRegion: regions,
        preferRegion: [...regions, 'nowhere-1'],
        // Few ids, and no id of a node that reports.
        id: ['fuzz-1', 'fuzz-2', 'fuzz-3'],
        ttlSeconds: [1, 15, 60, 300, 600, 601],
        excludeNodes: [[], ['us-east-1/node-1']],
        subject: ['user:fuzz-1', 'user:fuzz-2', 'key:fuzz-1:user:x', 'address:192.0.2.9/32'],
      },
      tokens: {
        apiKey,
        jwt: signJwt({ sub: 'fuzz', exp: Math.floor(Date.now() / 1000) + tokenSeconds }, jwtSecret),
        reporterToken,
        operator: adminToken,
        viewer: viewerToken,
      },
    };
    return { router, knowledge };
  });
}

function nodesOf(region: string) {
  return Array.from({ length: 5 }, (_, index) => ({
    name: `${region}/node-${index + 1}`,
    report: { status: 'healthy', cpu: 5, bandwidth_mbps: 10, public_ip: '192.0.2.50', port: 3478, boot_id: 'scripted' },
  }));
}

function draw(): string {
  return randomBytes(24).toString('base64url');
}
