import { eventually } from '../../fixtures/eventually.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { startRedis, type RedisServer } from './start-redis.ts';

export interface RedisCluster extends AsyncDisposable {
  /** `redis+cluster://…` */
  readonly url: string;
  /** The primaries. At the start each owns an equal share of the slots. */
  readonly primaries: readonly RedisServer[];
  /** The replica of each primary, in the same order. Empty without replicas. */
  readonly replicas: readonly RedisServer[];
  /** Moves a slot with all its keys between two primaries. `between` is called after the keys have moved and before the owner changes. */
  moveSlot(slot: number, from: RedisServer, to: RedisServer, between?: () => Promise<void>): Promise<void>;
}

const slotCount = 16_384;

/** Starts a Redis Cluster on free loopback ports. It is ready when every node reports that all slots are served. */
export async function startRedisCluster({
  replicas: hasReplicas = false,
  primaries: count = 3,
} = {}): Promise<RedisCluster> {
  const started: RedisServer[] = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  const start = async () => {
    const busPort = await freePort();
    const server = await startRedis({ args: clusterArgs(busPort) });
    started.push(server);
    return { server, busPort };
  };
  try {
    const nodes = await Promise.all(Array.from({ length: hasReplicas ? 2 * count : count }, () => start()));
    const servers = nodes.map(({ server }) => server);
    const primaries = servers.slice(0, count);
    const replicas = servers.slice(count);
    await Promise.all(servers.map(({ cli }, index) => cli('CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`)));
    await Promise.all(primaries.map(({ cli }, index) => cli('CLUSTER', 'ADDSLOTSRANGE', ...slotRange(index, count))));
    // It is enough that one node meets all others: the cluster bus spreads the rest.
    for (const { server, busPort } of nodes.slice(1)) {
      await servers[0]?.cli('CLUSTER', 'MEET', '127.0.0.1', `${server.port}`, `${busPort}`);
    }
    await untilEach(servers, 'to know all others', async ({ cli }) => (await nodeLines(cli)).length === servers.length);
    await Promise.all(
      replicas.map(async ({ cli }, index) => cli('CLUSTER', 'REPLICATE', await idOf(primaries[index]))),
    );
    await untilEach(servers, 'to serve all slots', async ({ cli }) =>
      (await cli('CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
    await untilEach(replicas, 'to follow its primary', async ({ cli }) =>
      (await cli('INFO', 'replication')).includes('master_link_status:up'),
    );
    // Until every node knows the replicas, no replica can replace a dead primary.
    await untilEach(servers, 'to know the replicas', async ({ cli }) => {
      const lines = await nodeLines(cli);
      return lines.filter((line) => /\bslave\b/.test(line)).length === replicas.length;
    });
    return {
      url: `redis+cluster://${primaries.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
      primaries,
      replicas,
      moveSlot,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function clusterArgs(busPort: number): string[] {
  return [
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    `${busPort}`,
    // A node that has not met another node does not know its address.
    '--cluster-announce-ip',
    '127.0.0.1',
    '--cluster-node-timeout',
    '1500',
  ];
}

function slotRange(index: number, count: number): [string, string] {
  const first = (place: number) => Math.floor((place * slotCount) / count);
  return [`${first(index)}`, `${first(index + 1) - 1}`];
}

async function untilEach(
  servers: readonly RedisServer[],
  what: string,
  holds: (server: RedisServer) => Promise<boolean>,
): Promise<void> {
  const wait = (server: RedisServer) => eventually(`a node ${what}`, () => holds(server));
  await Promise.all(servers.map((server) => wait(server)));
}

async function nodeLines(cli: RedisServer['cli']): Promise<string[]> {
  return (await cli('CLUSTER', 'NODES')).trim().split('\n');
}

async function idOf(server: RedisServer | undefined): Promise<string> {
  return (await server?.cli('CLUSTER', 'MYID'))?.trim() ?? '';
}

/** Moves a slot as https://redis.io/docs/latest/commands/cluster-setslot describes. */
async function moveSlot(
  slot: number,
  from: RedisServer,
  to: RedisServer,
  between?: () => Promise<void>,
): Promise<void> {
  const [fromId, toId] = [await idOf(from), await idOf(to)];
  await to.cli('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', fromId);
  await from.cli('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', toId);
  const names = (await from.cli('CLUSTER', 'GETKEYSINSLOT', `${slot}`, '100000')).split('\n').filter(Boolean);
  if (names.length > 0) await from.cli('MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '5000', 'KEYS', ...names);
  await between?.();
  await to.cli('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', toId);
  await from.cli('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', toId);
}
