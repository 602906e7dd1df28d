import type { Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import { registryErrorFrom } from '../connection/registry-error-from.ts';

/** What a server says of itself; each undefined where it may not be asked. */
export type ServerState = {
  /** Another one after each start. */
  readonly runId: string | undefined;
  readonly role: 'primary' | 'replica' | undefined;
  /** Of a replica: whether it hears its primary. */
  readonly hearsPrimary: boolean;
};

/** A primary says something at least every 10 s (repl-ping-replica-period); after a report's life of silence its replica holds nothing true. */
const silentPrimarySeconds = 15;

type Memory = { runId?: string | undefined; isRefused: boolean };

/** Asks servers what they are. What cannot change on one connection is asked once on it. */
export function createStateReader(): (redis: Redis) => Promise<ServerState> {
  const memories = new WeakMap<object, Memory>();
  return async (redis) => {
    // Before the first connection there is none.
    const connection: object = redis.stream ?? redis;
    const memory = memories.get(connection) ?? { isRefused: false };
    memories.set(connection, memory);
    if (memory.isRefused) return { runId: undefined, role: undefined, hearsPrimary: true };
    try {
      memory.runId ??= readField(await redis.info('server'), 'run_id');
      return { runId: memory.runId, ...replicationFrom(await redis.info('replication')) };
    } catch (error) {
      if (!isRefusal(registryErrorFrom(error))) throw error;
      memory.isRefused = true;
      return { runId: undefined, role: undefined, hearsPrimary: true };
    }
  };
}

/** NOPERM, or a proxy that does not know the command. */
function isRefusal({ code, fault }: RegistryError): boolean {
  return code === 'refused' && (fault === 'no_permission' || fault === 'other');
}

/** @param text the answer to INFO replication */
export function replicationFrom(text: string): Pick<ServerState, 'role' | 'hearsPrimary'> {
  const role = readField(text, 'role');
  if (role === 'slave') {
    const silenceSeconds = Number(readField(text, 'master_last_io_seconds_ago'));
    const isLinked = readField(text, 'master_link_status') === 'up';
    return { role: 'replica', hearsPrimary: isLinked && silenceSeconds < silentPrimarySeconds };
  }
  return { role: role === 'master' ? 'primary' : undefined, hearsPrimary: true };
}

function readField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1];
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
