import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fleetAnswerSchema, type FleetAnswer } from '@turn-router/contract/admin';
import {
  boundMs,
  eventually,
  startRedis,
  startRouter,
  temporaryDirectory,
  type RedisServer,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { ask } from './ask.ts';
import { startKeepAliveCallers } from './keep-alive-callers.ts';
import { policy } from './policy.ts';

const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"192.0.2.50","port":3478}';

let redis: RedisServer;
let directory: TemporaryDirectory;
let policyFile: string;
beforeAll(async () => {
  directory = await temporaryDirectory('workers');
  policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  redis = await startRedis();
  await redis.cli('SET', 'turn:node:eu-central-1:x', record);
});
afterAll(async () => {
  await redis?.stop();
  await directory?.[Symbol.asyncDispose]();
});

const start = (environment: Record<string, string>) =>
  startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl: redis.url,
    environment,
  });

const startingError = async (environment: Record<string, string>) => {
  const started = start(environment).then(async (router) => router.stop());
  return started.then(
    () => 'it started',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
};

/** A router of several processes whose every worker serves; `served` counts what that took. */
async function startServing(workers: string): Promise<RouterProcess & { served: number }> {
  const router = await start({ WORKERS: workers });
  let served = 0;
  await eventually('every worker to serve', async () => {
    // On connections of their own, which the workers get in turn.
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(router.url)));
    const good = answers.filter(({ status }) => status === 200).length;
    served += good;
    return good === answers.length;
  });
  return { ...router, served };
}

async function metricsOf(router: RouterProcess): Promise<string> {
  return (await fetch(`${router.adminUrl}/metrics`)).text();
}

/** Sum over the labels of a metric. */
const total = (metrics: string, name: string) =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);

async function workersOf({ pid }: RouterProcess): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

/** Not one that has ended and waits for somebody to ask how. */
const isRunning = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) [ZX] /.test(stat),
    () => false,
  );

async function endOneWorker(router: RouterProcess, signal: NodeJS.Signals): Promise<void> {
  const [victim = 0, other = 0] = await workersOf(router);
  process.kill(victim, signal);
  await eventually(
    'another worker in its place',
    async () => {
      const workers = await workersOf(router);
      return workers.length === 2 && workers.includes(other) && !workers.includes(victim);
    },
    { timeoutMs: boundMs(30_000) },
  );
  await eventually('it to listen', () => router.output().includes('"event":"worker.replaced"'), {
    timeoutMs: boundMs(30_000),
  });
}

describe('a router of two workers', () => {
  test('answers by both, is counted as two, and shows what both have done', async () => {
    await using router = await startServing('2');
    expect(await workersOf(router)).toHaveLength(2);
    const answers = await Promise.all(Array.from({ length: 80 }, () => ask(router.url)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));

    const metrics = await metricsOf(router);
    expect(total(metrics, 'turn_router_issued_total')).toBe(router.served + answers.length);
    expect(total(metrics, 'turn_router_nodes')).toBe(1);
    expect(metrics).toMatch(/^turn_router_registry_fresh(\{.*\})? 1$/m);
    await eventually('two replicas', async () => /^turn_router_replicas 2$/m.test(await metricsOf(router)));
    for (const worker of [1, 2]) {
      await eventually(`a request's line of worker ${worker}`, () =>
        new RegExp(`"worker":${worker},.*"route":"/v1/ice-servers","status":200`).test(router.output()),
      );
    }
  });

  test('replaces one that is killed, while callers go on', async () => {
    await using router = await startServing('2');
    const before = total(await metricsOf(router), 'turn_router_issued_total');
    const callers = startKeepAliveCallers(router.url, 8, 'reconnect');
    await endOneWorker(router, 'SIGKILL');
    const answeredAtReplacement = callers.answered();
    await eventually('callers to be answered', () => callers.answered() > answeredAtReplacement + 100);
    await callers.stop();

    // What it had under way is lost; and what was handed to it before anybody had noticed.
    expect(callers.failures().length).toBeLessThanOrEqual(16);
    expect(total(await metricsOf(router), 'turn_router_issued_total')).toBeGreaterThanOrEqual(before);
    expect(router.output()).toContain('"signal":"SIGKILL","msg":"worker ended: starting a replacement"');
  });

  test('lets one that is asked to stop finish: no request fails, and no count is lost', async () => {
    await using router = await startServing('2');
    const callers = startKeepAliveCallers(router.url, 8, 'reconnect');
    await endOneWorker(router, 'SIGTERM');
    await callers.stop();

    expect(callers.failures()).toEqual([]);
    const issued = total(await metricsOf(router), 'turn_router_issued_total');
    expect(issued).toBe(router.served + callers.answered());
  });

  test('ends with its primary, however that ends', async () => {
    await using router = await startServing('2');
    const workers = await workersOf(router);
    expect(workers).toHaveLength(2);
    router.signal('SIGKILL');
    await router.exited;
    for (const pid of workers) await eventually(`worker ${pid} to end`, async () => !(await isRunning(pid)));
  });
});

/** Without what is of the process that answers, and how long it has known the nodes. */
const sharedOf = ({ trust, nodes, regions, after }: FleetAnswer) => ({
  trust,
  after,
  nodes: nodes.map(({ estimatedLoad = 0, ...node }) => ({ ...node, ageMs: 0, load: estimatedLoad.toFixed(1) })),
  regions: regions.map(({ load, headroomMbps, ...region }) => ({
    ...region,
    load: load.toFixed(1),
    headroom: Math.round(headroomMbps / region.capacityMbps / 0.2),
  })),
});

describe('the fleet that SREs are shown by a router of two workers', () => {
  const token = 'operator-token-of-2026-which-is-long';

  const askForFleet = ({ adminUrl }: RouterProcess, query: string) =>
    fetch(`${adminUrl}/admin/v1/fleet${query}`, { headers: { authorization: `Bearer ${token}` } });

  async function fleetOf(router: RouterProcess, query = ''): Promise<FleetAnswer> {
    return fleetAnswerSchema.parse(await (await askForFleet(router, query)).json());
  }

  async function startShowing(workers: string): Promise<RouterProcess> {
    const router = await start({ WORKERS: workers, ADMIN_TOKEN: token });
    await eventually('every node to be known', async () => {
      const { regions } = await fleetOf(router, '?region=us-east-1');
      return regions[0]?.nodes.healthy === 120;
    });
    return router;
  }

  beforeAll(async () => {
    const half = record.replace('"cpu":1,"bandwidth_mbps":1', '"cpu":50,"bandwidth_mbps":500');
    const names = Array.from({ length: 120 }, (_, n) => `us-east-1:n-${`${n}`.padStart(3, '0')}`);
    await redis.cli('MSET', ...names.flatMap((name) => [`turn:node:${name}`, half]));
    await redis.cli('SET', 'turn:node:us-east-1:leaves', half.replace('healthy', 'draining'));
  });
  afterAll(async () => {
    await redis.cli(
      'EVAL',
      "for _, key in ipairs(redis.call('KEYS', 'turn:node:us-east-1:*')) do redis.call('DEL', key) end",
      '0',
    );
  });

  test('is the same as one process shows, page by page', async () => {
    await using several = await startShowing('2');
    await using one = await startShowing('1');
    for (const query of ['', '?after=us-east-1/n-098', '?region=us-east-1&state=draining', '?limit=7']) {
      const [expected, shown] = await Promise.all([fleetOf(one, query), fleetOf(several, query)]);
      expect(expected.nodes.length).toBeGreaterThan(0);
      expect(sharedOf(shown)).toEqual(sharedOf(expected));
    }
    await eventually('three replicas', async () => (await fleetOf(several)).replicaCount === 3);
  });

  test('comes from the other one when one stands still or is killed while it is asked, and from none within a second', async () => {
    await using router = await startShowing('2');
    const workers = await workersOf(router);
    const look = async () => {
      const askedAtMs = performance.now();
      const answer = await askForFleet(router, '?limit=1');
      expect(performance.now() - askedAtMs).toBeLessThan(boundMs(1_000));
      return answer.json();
    };
    for (const pid of workers) {
      process.kill(pid, 'SIGSTOP');
      expect(await look()).toMatchObject({ trust: 'fresh' });
      process.kill(pid, 'SIGCONT');
    }

    for (const pid of workers) process.kill(pid, 'SIGSTOP');
    expect(await look()).toMatchObject({ code: 'worker_unavailable', status: 503 });

    const [victim = 0, other = 0] = workers;
    process.kill(other, 'SIGCONT');
    const answer = look();
    process.kill(victim, 'SIGKILL');
    expect(await answer).toMatchObject({ trust: 'fresh' });
  });
});

describe('a router that is asked to stop under load', () => {
  test.each(['1', '2'])('of %s workers fails no request, and ends within 10 s', async (workers) => {
    await using router = await startServing(workers);
    const pids = await workersOf(router);
    const callers = startKeepAliveCallers(router.url, 16, 'leave');
    await eventually('load', () => callers.answered() > 200);
    const answeredAtSignal = callers.answered();
    const askedAtMs = performance.now();
    router.signal('SIGTERM');
    expect(await router.exited).toBe(0);
    expect(performance.now() - askedAtMs).toBeLessThan(boundMs(10_000));
    await callers.ended;

    expect(callers.failures()).toEqual([]);
    expect(callers.answered()).toBeGreaterThanOrEqual(answeredAtSignal + 16);
    expect(await Promise.all(pids.map(isRunning))).toEqual(pids.map(() => false));
  });
});

describe('a router of several workers that cannot start says so once', () => {
  test('when each would have a registry of its own, among all other faults', async () => {
    const message = await startingError({ WORKERS: '2', PORT: '80800', REDIS_URL: '' });
    expect(message).toContain('turn-router cannot start: 2 fault(s) in its settings');
    expect(message).toContain(
      '\n  WORKERS: 2 workers need REDIS_URL: set REDIS_URL, or set WORKERS to 1. Otherwise each process would have its own embedded registry\n',
    );
  });

  test('when no worker can, with what the first one says', async () => {
    const message = await startingError({ WORKERS: '3', GEOIP_DB: policyFile });
    expect(message.match(/turn-router cannot run: /g)).toHaveLength(1);
    expect(message).toContain(`turn-router cannot run: ${policyFile}: `);
  });
});
