import { eventually } from '../../fixtures/eventually.ts';
import { startRedis, type RedisServer } from './start-redis.ts';

/** Starts a replica of a redis-server on 127.0.0.1. It is ready when it has copied the data of its primary. */
export async function startRedisReplica(
  primary: Pick<RedisServer, 'port'>,
  options: { port?: number; args?: readonly string[] } = {},
): Promise<RedisServer> {
  const { args = [], ...rest } = options;
  const replica = await startRedis({ ...rest, args: ['--replicaof', '127.0.0.1', `${primary.port}`, ...args] });
  try {
    await eventually('the replica to follow its primary', async () =>
      (await replica.cli('INFO', 'replication')).includes('master_link_status:up'),
    );
  } catch (error) {
    await replica.stop();
    throw error;
  }
  return replica;
}
