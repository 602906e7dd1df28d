import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../../process/start-process.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { temporaryDirectory } from '../../fixtures/temporary-directory.ts';
import { startRedisReplica } from './start-redis-replica.ts';
import { redisCli, startRedis, type RedisServer } from './start-redis.ts';

export type RedisSentinel = RunningProcess & {
  readonly port: number;
  readonly cli: RedisServer['cli'];
};

export interface RedisSentinels extends AsyncDisposable {
  /** `redis+sentinel://…` */
  readonly url: string;
  /** The servers. The first is the primary at the start. */
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisSentinel[];
  /** Returns the server that all sentinels currently name as the primary. */
  primary(): Promise<RedisServer>;
  /** Makes the sentinels promote another server. Resolves when all of them name it as the primary. */
  failOver(): Promise<RedisServer>;
}

/** The name of the primary in the configuration of the sentinels. */
const primaryName = 'main';
const quorum = 2;

/** Starts a primary, its replicas and three sentinels that know all of them. The sentinels act after half a second without an answer. */
export async function startRedisSentinels({ replicas = 1 }: { replicas?: number } = {}): Promise<RedisSentinels> {
  const started: AsyncDisposable[] = [];
  const stop = async () => {
    await Promise.all(started.map((part) => part[Symbol.asyncDispose]()));
  };
  const keep = async <Part extends AsyncDisposable>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    started.push(part);
    return part;
  };
  try {
    const first = await keep(startRedis());
    const others = await Promise.all(Array.from({ length: replicas }, () => keep(startRedisReplica(first))));
    const sentinels = await Promise.all(Array.from({ length: 3 }, () => keep(startSentinel(first.port))));
    const servers = [first, ...others];
    await Promise.all(sentinels.map((sentinel) => untilAllKnown(sentinel, replicas)));

    const askPrimary = async (): Promise<RedisServer> => {
      const ports = await Promise.all(
        sentinels.map(async ({ cli }) =>
          Number((await cli('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', primaryName)).split('\n')[1]),
        ),
      );
      const server = servers.find(({ port }) => ports.every((named) => named === port));
      if (server === undefined) throw new Error('the sentinels do not name the same server');
      return server;
    };
    return {
      url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${primaryName}`,
      servers,
      sentinels,
      primary: () => eventually('the sentinels to agree', askPrimary),
      async failOver() {
        const before = await eventually('the sentinels to agree', askPrimary);
        await eventually(
          'a sentinel to start the failover',
          async () => (await sentinels[0]?.cli('SENTINEL', 'FAILOVER', primaryName))?.startsWith('OK') === true,
          { everyMs: 250 },
        );
        return eventually('another primary', async () => {
          const now = await askPrimary();
          return now !== before && now;
        });
      },
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSentinel(primaryPort: number): Promise<RedisSentinel> {
  const port = await freePort();
  const directory = await temporaryDirectory('sentinel');
  const configFile = join(directory.path, 'sentinel.conf');
  await writeFile(
    configFile,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${directory.path}`,
      `sentinel monitor ${primaryName} 127.0.0.1 ${primaryPort} ${quorum}`,
      `sentinel down-after-milliseconds ${primaryName} 500`,
      `sentinel failover-timeout ${primaryName} 2000`,
      '',
    ].join('\n'),
  );
  const process = await startProcess({
    name: 'redis-sentinel',
    command: 'redis-server',
    args: [configFile, '--sentinel'],
    isReady: (output) => output.includes('+monitor'),
  });
  const stop = async (graceMs?: number) => {
    await process.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return { ...process, port, cli: (...command) => redisCli(port, command), stop, [Symbol.asyncDispose]: () => stop() };
}

/** Waits until a sentinel knows all replicas and the other sentinels. Before that it cannot fail over. */
async function untilAllKnown({ cli }: RedisSentinel, replicas: number): Promise<void> {
  await eventually('a sentinel to know the replicas and the other sentinels', async () => {
    const lines = (await cli('SENTINEL', 'MASTER', primaryName)).split('\n');
    const field = (name: string) => Number(lines[lines.indexOf(name) + 1]);
    return field('num-slaves') === replicas && field('num-other-sentinels') === 2;
  });
}
