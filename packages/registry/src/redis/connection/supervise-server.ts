import type { Redis } from 'ioredis';
import { RegistryError, type RegistryFault } from '../../registry-error.ts';
import type { ConnectionOptions } from './connection-settings.ts';
import { superviseClient, type SupervisedClient } from './supervise-client.ts';

/** A client of one server, or of the server that the sentinels name. */
export interface SupervisedServer extends SupervisedClient<Redis> {
  readonly isReady: () => boolean;
  /** Drops the connection and reconnects, perhaps to another server. Until then commands fail with this reason. */
  readonly reconnect: (reason: RegistryError) => void;
}

/**
 * Faults that a new connection may fix. A reply may be missing because the server is gone, or because a huge reply is in progress. Or a
 * command wrote to a server that has become a replica.
 */
const fixedByReconnect: readonly RegistryFault[] = ['timeout', 'readonly'];

/** Keeps a client reconnecting, and drops a faulty connection at once. */
export function superviseServer(
  redis: Redis,
  options: Pick<ConnectionOptions, 'random' | 'commandTimeoutMs'>,
  steps: number,
): SupervisedServer {
  const client = superviseClient(redis, options, steps);

  function reconnect(reason: RegistryError): void {
    if (isDisconnected(redis)) return;
    client.setConnectionFault(reason);
    // disconnect() would wait for the server to close, and would stop all reconnecting during a query to the sentinels.
    redis.stream.destroy();
  }

  return {
    ...client,
    isReady: () => redis.status === 'ready' && !isDisconnected(redis),
    async run(commands) {
      await client.firstAttempt;
      // A command that fails because there is no connection must not interrupt the present attempt to connect.
      const connection = redis.status === 'ready' ? redis.stream : undefined;
      try {
        return await client.run(commands);
      } catch (error) {
        const isSameConnection = redis.stream === connection;
        if (isSameConnection && error instanceof RegistryError && fixedByReconnect.includes(error.fault))
          reconnect(error);
        throw error;
      }
    },
    reconnect,
  };
}

/** Before the first connection the stream is undefined, contrary to its type. */
function isDisconnected({ stream }: Redis): boolean {
  return (stream as Redis['stream'] | undefined)?.destroyed ?? true;
}
