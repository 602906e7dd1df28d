import type { SupervisedServer } from '../connection/supervise-server.ts';
import { readLengths, readTtls, scanNames, type Shard } from '../reading/shard.ts';
import { valuesFrom } from '../replies.ts';
import { readWithFallback, type RedisDeployment } from './redis-deployment.ts';
import { createStateReader, faultOfPrimary, faultOfReplica, staleRole, type ServerState } from './server-state.ts';

/** Combines a primary that holds all nodes with an optional replica. The replica serves the reads while it is healthy. */
export function deployPrimaryAndReplica(
  primary: SupervisedServer,
  replica: SupervisedServer | undefined,
): RedisDeployment {
  const readState = createStateReader();

  async function openShard(
    server: SupervisedServer,
    findFault: (state: ServerState) => string | undefined,
  ): Promise<Shard> {
    const state = await server.run(readState);
    const fault = findFault(state);
    if (fault !== undefined) {
      const reason = staleRole(fault);
      server.reconnect(reason);
      throw reason;
    }
    return {
      serverId: state.runId,
      listNames: (glob, take) => server.run((redis) => scanNames(redis, glob, take)),
      values: (names) => server.run(async (redis) => valuesFrom('MGET', await redis.mget([...names]), names.length)),
      lengths: (names) => server.run((redis) => readLengths(redis, names)),
      ttls: (names) => server.run((redis) => readTtls(redis, names)),
    };
  }

  return {
    write: (commands) => primary.run(commands),
    async read(work) {
      await replica?.firstAttempt;
      return readWithFallback(
        replica?.isReady() === true ? async () => [await openShard(replica, faultOfReplica)] : undefined,
        async () => [await openShard(primary, faultOfPrimary)],
        work,
      );
    },
    close() {
      primary.close();
      replica?.close();
    },
  };
}
