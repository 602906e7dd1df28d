import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventually,
  startRedis,
  startRedisCluster,
  startRedisReplica,
  startRedisSentinels,
  startRedisTls,
  type RedisServer,
} from '@turn-router/testing';
import { Redis } from 'ioredis';
import { routerAcl } from '../acl/acl-rules.ts';
import { sha256 } from '../acl/sha256.fixture.ts';
import { describeNodeRegistry } from '../nodes/node-registry.contract.ts';
import type { NodeRegistry } from '../nodes/node-registry.ts';
import { describeProofStore } from '../proofs/proof-store.contract.ts';
import { createRedisRegistry } from './redis-registry.ts';

/** Short enough to wait for, long enough to tolerate the delays of a busy machine. */
const replicaLifetimeMs = 1_500;

type Deployment = {
  readonly url: string;
  /** The servers that hold the data. */
  readonly primaries: readonly RedisServer[];
  /** The replicas of the primaries at the same index. Their data lags slightly. */
  readonly replicas: readonly RedisServer[];
  readonly stop: () => Promise<unknown>;
};

async function readOffset(redis: Redis | undefined, name: string): Promise<number> {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec((await redis?.info('replication')) ?? '')?.[1]);
}

/**
 * Runs the contract suite on a deployment that is started once and emptied for each test.
 *
 * @param names test names by the suffix of the URL
 */
function describeDeployment(names: Readonly<Record<string, string>>, start: () => Promise<Deployment>): void {
  describe(`${Object.values(names)[0]}, on real servers`, () => {
    let deployment: Deployment;
    let admins: Redis[];
    let replicaAdmins: Redis[];
    beforeAll(async () => {
      deployment = await start();
      admins = deployment.primaries.map(({ url }) => new Redis(url));
      replicaAdmins = deployment.replicas.map(({ url }) => new Redis(url));
    });
    afterAll(async () => {
      for (const admin of [...admins, ...replicaAdmins]) admin.disconnect();
      await deployment.stop();
    });

    /** Waits until all replicas have received all writes so far. */
    async function untilReplicated(): Promise<void> {
      await Promise.all(
        replicaAdmins.map(async (replica, index) => {
          const written = await readOffset(admins[index], 'master_repl_offset');
          await eventually('the replica', async () => (await readOffset(replica, 'slave_repl_offset')) >= written, {
            everyMs: 2,
          });
        }),
      );
    }

    test("reads Redis' clock", async () => {
      await using registry = createRedisRegistry({ url: deployment.url, name: 'test', random: () => 0 });
      const readClock = () => registry.readClock().catch(() => undefined);
      expect(Math.abs((await eventually('its time', readClock)) - Date.now())).toBeLessThan(60_000);
    });

    for (const [query, name] of Object.entries(names)) {
      describeNodeRegistry(name, async () => {
        await Promise.all(admins.map((admin) => admin.flushall()));
        await untilReplicated();
        const opened = createRedisRegistry({
          url: `${deployment.url}${query}`,
          name: 'test',
          random: () => 0,
          commandTimeoutMs: 60_000,
          replicaLifetimeMs,
        });
        const registry: NodeRegistry = {
          ...opened,
          put: async (...report) => opened.put(...report).then(untilReplicated),
          remove: async (key) => opened.remove(key).then(untilReplicated),
        };
        return {
          registry,
          elapse: (milliseconds) => delay(milliseconds),
          replicaLifetimeMs,
          [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
        };
      });

      describeProofStore(name, async () => {
        await Promise.all(admins.map((admin) => admin.flushall()));
        await untilReplicated();
        const opened = createRedisRegistry({
          url: `${deployment.url}${query}`,
          name: 'test',
          random: () => 0,
          commandTimeoutMs: 60_000,
        });
        return {
          proofs: {
            ...opened.proofs,
            putProof: async (...written) => opened.proofs.putProof(...written).then(untilReplicated),
          },
          elapse: (milliseconds) => delay(milliseconds),
          [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
        };
      });
    }
  });
}

describeDeployment({ '': 'the registry in a Redis with TLS and a restricted user' }, async () => {
  const server = await startRedisTls();
  const { name, rules } = routerAcl({ passwordSha256: sha256('p@ss/word'), acceptsReports: true, revokes: false });
  await server.cli('ACL', 'SETUSER', name, ...rules);
  return {
    url: `${server.tlsUrl.replace('//', `//${name}:${encodeURIComponent('p@ss/word')}@`)}?ca=${server.caFile}`,
    primaries: [server],
    replicas: [],
    stop: () => server.stop(),
  };
});

describeDeployment({ '': 'the registry in a Redis that is read from its replica' }, async () => {
  const server = await startRedis();
  const replica = await startRedisReplica(server);
  return {
    url: `${server.url}/0?replica=127.0.0.1:${replica.port}`,
    primaries: [server],
    replicas: [replica],
    stop: () => Promise.all([server.stop(), replica.stop()]),
  };
});

describeDeployment({ '': 'the registry behind sentinels' }, async () => {
  const sentinels = await startRedisSentinels();
  return {
    url: sentinels.url,
    primaries: [await sentinels.primary()],
    replicas: [],
    stop: async () => sentinels[Symbol.asyncDispose](),
  };
});

describeDeployment(
  { '': 'the registry in a cluster', '?read=replica': 'the registry in a cluster whose replicas are read' },
  async () => {
    const cluster = await startRedisCluster({ replicas: true });
    return {
      url: cluster.url,
      primaries: cluster.primaries,
      replicas: cluster.replicas,
      stop: async () => cluster[Symbol.asyncDispose](),
    };
  },
);
