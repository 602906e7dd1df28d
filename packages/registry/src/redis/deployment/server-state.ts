import type { Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import { textFrom } from '../replies.ts';
import { registryErrorFrom } from '../connection/registry-error-from.ts';

/** The state of a server from INFO. Fields are undefined when INFO is not permitted. */
export type ServerState = {
  /** Changes with each start of the server. */
  readonly runId: string | undefined;
  readonly role: 'primary' | 'replica' | undefined;
  /** False for a replica that has lost its primary. */
  readonly isInSync: boolean;
};

/**
 * The lifetime of a report. If a replica receives nothing from its primary for this time, all its reports are outdated. A working primary
 * sends at least a ping every 10 s (repl-ping-replica-period).
 */
const silentPrimarySeconds = 15;

type ConnectionCache = { runId?: string | undefined; isRefused: boolean };

/** Creates a reader of server states. It caches the values that cannot change within one connection. */
export function createStateReader(): (redis: Redis) => Promise<ServerState> {
  const caches = new WeakMap<object, ConnectionCache>();
  return async (redis) => {
    // The stream is undefined before the first connection.
    const connection: object = redis.stream ?? redis;
    const cache = caches.get(connection) ?? { isRefused: false };
    caches.set(connection, cache);
    if (cache.isRefused) return { runId: undefined, role: undefined, isInSync: true };
    try {
      cache.runId ??= readField(textFrom('INFO', await redis.info('server')), 'run_id');
      return { runId: cache.runId, ...replicationFrom(textFrom('INFO', await redis.info('replication'))) };
    } catch (error) {
      if (!isRefusal(registryErrorFrom(error))) throw error;
      cache.isRefused = true;
      return { runId: undefined, role: undefined, isInSync: true };
    }
  };
}

/** Whether the error is NOPERM, or the reply of a proxy without this command. */
function isRefusal({ code, fault }: RegistryError): boolean {
  return code === 'refused' && (fault === 'no_permission' || fault === 'other');
}

/** Parses the replication state. @param text the reply to INFO replication */
export function replicationFrom(text: string): Pick<ServerState, 'role' | 'isInSync'> {
  const role = readField(text, 'role');
  if (role === 'slave') {
    const silenceSeconds = Number(readField(text, 'master_last_io_seconds_ago'));
    const isLinked = readField(text, 'master_link_status') === 'up';
    return { role: 'replica', isInSync: isLinked && silenceSeconds < silentPrimarySeconds };
  }
  return { role: role === 'master' ? 'primary' : undefined, isInSync: true };
}

function readField(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1];
}

/** Returns the fault of a server that should be the primary: a demoted primary keeps answering with old data. */
export function faultOfPrimary({ role }: ServerState): string | undefined {
  return role === 'replica' ? 'a replica answers in place of the primary' : undefined;
}

/** Returns the fault of a server that should be a replica: it was promoted, or it has lost its primary and answers with old data. */
export function faultOfReplica({ role, isInSync }: ServerState): string | undefined {
  if (role === 'primary') return 'a primary answers in place of the replica';
  return isInSync ? undefined : 'the replica has lost its primary';
}

export function staleRole(fault: string): RegistryError {
  return new RegistryError('unavailable', `Redis is not available: ${fault}`, { fault: 'stale_role' });
}
