import type { Redis } from 'ioredis';
import { RegistryError, type RegistryFault } from '../../registry-error.ts';
import type { ConnectionOptions } from './connection-settings.ts';
import { superviseClient, type SupervisedClient } from './supervise-client.ts';

/** A client of one server, or of whichever server the sentinels name. */
export interface SupervisedServer extends SupervisedClient<Redis> {
  readonly isReady: () => boolean;
  /** Gives the connection up for another one, which may lead to another server; until then commands fail with this reason. */
  readonly leave: (reason: RegistryError) => void;
}

/**
 * What a fresh connection may heal: an answer that does not come, be it that nobody is there or that a huge one is under way; and a write
 * to a server that has become a replica.
 */
const healedByLeaving: readonly RegistryFault[] = ['timeout', 'readonly'];

/** Keeps a client connecting, and leaves a connection that is no good at once. */
export function superviseServer(
  redis: Redis,
  options: Pick<ConnectionOptions, 'random' | 'commandTimeoutMs'>,
  steps: number,
): SupervisedServer {
  const client = superviseClient(redis, options, steps);

  function leave(reason: RegistryError): void {
    if (isGone(redis)) return;
    client.explainAbsence(reason);
    // Not disconnect(), which waits for the server's goodbye, and ends for good while the sentinels are being asked.
    redis.stream.destroy();
  }

  return {
    ...client,
    isReady: () => redis.status === 'ready' && !isGone(redis),
    async run(commands) {
      await client.firstContact;
      // What fails for want of a connection says nothing of the one that is being made.
      const connection = redis.status === 'ready' ? redis.stream : undefined;
      try {
        return await client.run(commands);
      } catch (error) {
        const isHere = redis.stream === connection;
        if (isHere && error instanceof RegistryError && healedByLeaving.includes(error.fault)) leave(error);
        throw error;
      }
    },
    leave,
  };
}

/** Before the first connection there is no stream, whatever its type says. */
function isGone({ stream }: Redis): boolean {
  return (stream as Redis['stream'] | undefined)?.destroyed ?? true;
}
