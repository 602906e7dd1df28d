import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import type { RegistryError } from '../../registry-error.ts';
import type { ConnectionOptions } from './connection-settings.ts';
import { reconnectSpreadMs } from './reconnect-delay.ts';
import { registryErrorFrom } from './registry-error-from.ts';

/** A client that connects in the background, for ever. */
export interface SupervisedClient<Client extends Redis | Cluster> {
  readonly client: Client;
  /** Settles when the first connection stands or has failed. */
  readonly firstContact: Promise<void>;
  /** Runs commands; whatever goes wrong comes out as a RegistryError. The very first wait for the connection to stand or to fail. */
  readonly run: <T>(commands: (client: Client) => Promise<T>) => Promise<T>;
  /** Gives the reason why there is no connection, until there is one again. */
  readonly explainAbsence: (reason: RegistryError) => void;
  readonly close: () => void;
}

/**
 * Keeps a client connecting, and hears all its errors.
 *
 * @param steps of a connection that take as long as a command each
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
  client.on('ready', () => {
    connectionFault = undefined;
  });
  // ioredis ends for good when it cannot even begin to connect.
  client.on('end', () => {
    void delay(random() * reconnectSpreadMs, undefined, { signal: closed.signal })
      .then(() => client.connect())
      .catch(passOver);
  });

  const firstContact = contact(client, steps * commandTimeoutMs);
  return {
    client,
    firstContact,
    async run(commands) {
      await firstContact;
      try {
        return await commands(client);
      } catch (error) {
        throw registryErrorFrom(connectionFault ?? error);
      }
    },
    explainAbsence(reason) {
      connectionFault = reason;
    },
    close() {
      closed.abort();
      client.disconnect();
    },
  };
}

async function contact(client: Redis | Cluster, patienceMs: number): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    // An `error` event rejects both of the first.
    await Promise.race([
      once(client, 'ready', { signal }),
      once(client, 'end', { signal }),
      delay(patienceMs, undefined, { signal }),
    ]);
  } catch (error) {
    passOver(error);
  } finally {
    settled.abort();
  }
}

/** The `error` event has told it. */
function passOver(_error: unknown): void {}
