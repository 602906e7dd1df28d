import { RegistryError } from '../registry-error.ts';
import { readLengths } from './read-lengths.ts';
import { readPreferring } from './read-preferring.ts';
import type { RedisDeployment } from './redis-deployment.ts';
import { scanNames } from './scan-names.ts';
import { createStateReader, type ServerState } from './server-state.ts';
import type { Shard } from './shard.ts';
import type { SupervisedServer } from './supervise-server.ts';

/** One primary that holds all nodes, and perhaps a replica of it that is read instead while it is well. */
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
      server.leave(reason);
      throw reason;
    }
    return {
      serverId: state.runId,
      listNames: () => server.run(scanNames),
      values: (names) => server.run((redis) => redis.mget([...names])),
      lengths: (names) => server.run((redis) => readLengths(redis, names)),
    };
  }

  return {
    write: (commands) => primary.run(commands),
    async read(work) {
      await replica?.firstContact;
      return readPreferring(
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

/** A demoted primary goes on answering with what it knew. */
export function faultOfPrimary({ role }: ServerState): string | undefined {
  return role === 'replica' ? 'a replica answers in place of the primary' : undefined;
}

/** A replica that has been promoted is none any more; one that has lost its primary answers with what it knew. */
export function faultOfReplica({ role, hearsPrimary }: ServerState): string | undefined {
  if (role === 'primary') return 'a primary answers in place of the replica';
  return hearsPrimary ? undefined : 'the replica does not hear its primary';
}

export function staleRole(fault: string): RegistryError {
  return new RegistryError('unavailable', `Redis is not available: ${fault}`, { fault: 'stale_role' });
}
