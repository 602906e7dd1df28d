import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis, type Cluster } from 'ioredis';
import type { RegistryError } from '../../registry-error.ts';
import type { ConnectionOptions } from './connection-settings.ts';
import { guardCluster } from './guard-cluster.ts';
import { guardReplies } from './guard-replies.ts';
import { reconnectSpreadMs } from './reconnect-delay.ts';
import { registryErrorFrom } from './registry-error-from.ts';

/** A client that reconnects in the background until it is disposed of. */
export interface SupervisedClient<Client extends Redis | Cluster> {
  readonly client: Client;
  /** Settles when the first connection attempt has succeeded or failed. */
  readonly firstAttempt: Promise<void>;
  /** Runs commands after the first connection attempt. Every error becomes a RegistryError. */
  readonly run: <T>(commands: (client: Client) => Promise<T>) => Promise<T>;
  /** Sets the reason that commands fail with until the client is connected again. */
  readonly setConnectionFault: (reason: RegistryError) => void;
  readonly close: () => void;
}

/**
 * Keeps a client reconnecting, and handles all its error events.
 *
 * @param steps the number of steps of a connection, each of which may take as long as a command
 */
export function superviseClient<Client extends Redis | Cluster>(
  client: Client,
  { random, commandTimeoutMs }: Pick<ConnectionOptions, 'random' | 'commandTimeoutMs'>,
  steps: number,
): SupervisedClient<Client> {
  const closed = new AbortController();
  let connectionFault: unknown;
  client.on('error', (error: unknown) => {
    connectionFault = error;
  });
  if (client instanceof Redis) guardReplies(client);
  else guardCluster(client);
  client.on('ready', () => {
    connectionFault = undefined;
  });
  // ioredis stops reconnecting when it cannot even start to connect.
  client.on('end', () => {
    void delay(random() * reconnectSpreadMs, undefined, { signal: closed.signal })
      .then(() => client.connect())
      .catch(ignoreError);
  });

  const firstAttempt = waitForFirstAttempt(client, steps * commandTimeoutMs);
  return {
    client,
    firstAttempt,
    async run(commands) {
      await firstAttempt;
      try {
        return await commands(client);
      } catch (error) {
        throw registryErrorFrom(connectionFault ?? error);
      }
    },
    setConnectionFault(reason) {
      connectionFault = reason;
    },
    close() {
      closed.abort();
      client.disconnect();
    },
  };
}

async function waitForFirstAttempt(client: Redis | Cluster, timeoutMs: number): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    // An `error` event rejects both `once` calls.
    await Promise.race([
      once(client, 'ready', { signal }),
      once(client, 'end', { signal }),
      delay(timeoutMs, undefined, { signal }),
    ]);
  } catch (error) {
    ignoreError(error);
  } finally {
    settled.abort();
  }
}

/** The listener of the `error` event has stored the error. */
function ignoreError(_error: unknown): void {}
