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
  await redis.cli('SET', 'turn:node:eu-central-1:x', record, 'PX', '250000');
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

/** Starts a router and waits until every worker serves. `served` is the number of calls served so far. */
async function startServing(workers: string): Promise<RouterProcess & { served: number }> {
  const router = await start({ WORKERS: workers });
  let served = 0;
  await eventually('every worker to serve', async () => {
    // Each call uses a new connection. The workers get the connections in turn.
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

/** Returns the sum of a metric over its labels. */
const total = (metrics: string, name: string) =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);

async function workersOf({ pid }: RouterProcess): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

/** Whether a process runs. A zombie does not. */
const isRunning = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) [ZX] /.test(stat),
    () => false,
  );

async function endOneWorker(router: RouterProcess, signal: NodeJS.Signals): Promise<void> {
  const [victim = 0, other = 0] = await workersOf(router);
  process.kill(victim, signal);
  await eventually(
    'a replacement of the worker',
    async () => {
      const workers = await workersOf(router);
      return workers.length === 2 && workers.includes(other) && !workers.includes(victim);
    },
    { timeoutMs: boundMs(30_000) },
  );
  await eventually('the replacement to listen', () => router.output().includes('"event":"worker.replaced"'), {
    timeoutMs: boundMs(30_000),
  });
}

describe('a router of two workers', () => {
  test('answers from both workers, counts as two replicas, and shows metrics and log lines of both', async () => {
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
      await eventually(`a log line of a request from worker ${worker}`, () =>
        new RegExp(`"worker":${worker},.*"route":"/v1/ice-servers","status":200`).test(router.output()),
      );
    }
  });

  test('replaces a worker that is killed, and serves callers meanwhile', async () => {
    await using router = await startServing('2');
    const before = total(await metricsOf(router), 'turn_router_issued_total');
    const callers = startKeepAliveCallers(router.url, 8, 'reconnect');
    await endOneWorker(router, 'SIGKILL');
    const answeredAtReplacement = callers.answered();
    await eventually('callers to be answered', () => callers.answered() > answeredAtReplacement + 100);
    await callers.stop();

    // The requests in progress are lost, and those given to the worker before the primary noticed its end.
    expect(callers.failures().length).toBeLessThanOrEqual(16);
    expect(total(await metricsOf(router), 'turn_router_issued_total')).toBeGreaterThanOrEqual(before);
    expect(router.output()).toContain('"signal":"SIGKILL","msg":"worker ended: starting a replacement"');
  });

  test('lets a worker that gets SIGTERM finish, so no request fails and no count is lost', async () => {
    await using router = await startServing('2');
    const callers = startKeepAliveCallers(router.url, 8, 'reconnect');
    await endOneWorker(router, 'SIGTERM');
    await callers.stop();

    expect(callers.failures()).toEqual([]);
    const issued = total(await metricsOf(router), 'turn_router_issued_total');
    expect(issued).toBe(router.served + callers.answered());
  });

  test('ends its workers when its primary is killed', async () => {
    await using router = await startServing('2');
    const workers = await workersOf(router);
    expect(workers).toHaveLength(2);
    router.signal('SIGKILL');
    await router.exited;
    for (const pid of workers) await eventually(`worker ${pid} to end`, async () => !(await isRunning(pid)));
  });
});

/** Returns the fleet without the fields that depend on the answering process and on how long it has known the nodes. */
const comparableFleet = ({ trust, nodes, regions, after }: FleetAnswer) => ({
  trust,
  after,
  nodes: nodes.map(({ estimatedLoad = 0, ...node }) => ({ ...node, ageMs: 0, load: estimatedLoad.toFixed(1) })),
  regions: regions.map(({ load, headroomMbps, ...region }) => ({
    ...region,
    load: load.toFixed(1),
    headroom: Math.round(headroomMbps / region.capacityMbps / 0.2),
  })),
});

describe('GET /admin/v1/fleet of a router with two workers', () => {
  const token = 'operator-token-of-2026-which-is-long';

  const getFleet = ({ adminUrl }: RouterProcess, query: string) =>
    fetch(`${adminUrl}/admin/v1/fleet${query}`, { headers: { authorization: `Bearer ${token}` } });

  async function fleetOf(router: RouterProcess, query = ''): Promise<FleetAnswer> {
    return fleetAnswerSchema.parse(await (await getFleet(router, query)).json());
  }

  async function startWithFleet(workers: string): Promise<RouterProcess> {
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
    const setAll = "for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', 250000) end";
    await redis.cli('EVAL', setAll, `${names.length}`, ...names.map((name) => `turn:node:${name}`), half);
    await redis.cli('SET', 'turn:node:us-east-1:leaves', half.replace('healthy', 'draining'), 'PX', '250000');
  });
  afterAll(async () => {
    await redis.cli(
      'EVAL',
      "for _, key in ipairs(redis.call('KEYS', 'turn:node:us-east-1:*')) do redis.call('DEL', key) end",
      '0',
    );
  });

  test('returns the same pages as a router with one process', async () => {
    await using several = await startWithFleet('2');
    await using one = await startWithFleet('1');
    for (const query of ['', '?after=us-east-1/n-098', '?region=us-east-1&state=draining', '?limit=7']) {
      const [expected, shown] = await Promise.all([fleetOf(one, query), fleetOf(several, query)]);
      expect(expected.nodes.length).toBeGreaterThan(0);
      expect(comparableFleet(shown)).toEqual(comparableFleet(expected));
    }
    await eventually('three replicas', async () => (await fleetOf(several)).replicaCount === 3);
  });

  test('is answered by the other worker when one hangs or is killed, and with 503 within a second when both hang', async () => {
    await using router = await startWithFleet('2');
    const workers = await workersOf(router);
    const getFleetInTime = async () => {
      const askedAtMs = performance.now();
      const answer = await getFleet(router, '?limit=1');
      expect(performance.now() - askedAtMs).toBeLessThan(boundMs(1_000));
      return answer.json();
    };
    for (const pid of workers) {
      process.kill(pid, 'SIGSTOP');
      expect(await getFleetInTime()).toMatchObject({ trust: 'fresh' });
      process.kill(pid, 'SIGCONT');
    }

    for (const pid of workers) process.kill(pid, 'SIGSTOP');
    expect(await getFleetInTime()).toMatchObject({ code: 'worker_unavailable', status: 503 });

    const [victim = 0, other = 0] = workers;
    process.kill(other, 'SIGCONT');
    const answer = getFleetInTime();
    process.kill(victim, 'SIGKILL');
    expect(await answer).toMatchObject({ trust: 'fresh' });
  });
});

describe('a router that gets SIGTERM under load', () => {
  test.each(['1', '2'])('answers every request with WORKERS=%s, and ends within 10 s', async (workers) => {
    await using router = await startServing(workers);
    const pids = await workersOf(router);
    const callers = startKeepAliveCallers(router.url, 16, 'stop');
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

describe('a router of several workers reports once that it cannot start', () => {
  test('when each worker would have a separate registry, together with all other faults', async () => {
    const message = await startingError({ WORKERS: '2', PORT: '80800', REDIS_URL: '' });
    expect(message).toContain('turn-router cannot start: 2 fault(s) in its settings');
    expect(message).toContain(
      '\n  WORKERS: 2 workers need REDIS_URL: set REDIS_URL, or set WORKERS to 1. Otherwise each process would have its own embedded registry\n',
    );
  });

  test('when no worker can start, with the message of the first one', async () => {
    const message = await startingError({ WORKERS: '3', GEOIP_DB: policyFile });
    expect(message.match(/turn-router cannot run: /g)).toHaveLength(1);
    expect(message).toContain(`turn-router cannot run: ${policyFile}: `);
  });
});
