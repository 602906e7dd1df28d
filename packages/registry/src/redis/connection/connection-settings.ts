import type { RedisOptions } from 'ioredis';
import type { RedisTarget } from '../url/redis-target.ts';
import { tlsSettings } from '../url/tls-settings.ts';
import type { ReconnectOptions } from './reconnect-delay.ts';

/** The options for all connections of a registry. */
export type ConnectionOptions = ReconnectOptions & {
  /** This client's name in `CLIENT LIST`. */
  readonly name: string;
  /** Timeout of one command and of one connection attempt, ms. Twice the refresh interval, and far above any healthy response time. */
  readonly commandTimeoutMs: number;
};

/**
 * Returns the settings for every connection to a data server. ioredis' defaults hang: they report a refused connection after 73 s and a
 * silent server never.
 */
export function connectionSettings(
  { name, commandTimeoutMs }: ConnectionOptions,
  { credentials, tls }: Pick<RedisTarget, 'credentials' | 'tls'>,
) {
  return {
    ...credentials,
    ...(tls === undefined ? {} : { tls: tlsSettings(tls) }),
    connectionName: name,
    // RESP2 has no messages that answer no command. So the guard of the replies can refuse them.
    protocol: 2,
    // DNS, TCP and TLS together.
    connectTimeout: commandTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // If a connection waits for a reply and receives nothing for this time, it counts as half-open. It is closed, and its command fails.
    socketTimeout: commandTimeoutMs,
    // The longest wait for the server to close the connection too. A stopped server never closes it.
    disconnectTimeout: 100,
    // A command is sent now or fails now: old reports are worthless, and a queue would grow while Redis is unreachable.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Pipelining would send all commands of one tick to the node of the first command. This is wrong while a cluster moves slots.
    enableAutoPipelining: false,
    // The check would send INFO, which not every user may run. It would also wait silently during LOADING. The first command reports
    // LOADING anyway.
    enableReadyCheck: false,
    // Without this, each connection would send two commands that an ACL would refuse and log.
    disableClientInfo: true,
    // Lets the OS detect a lost peer on an idle connection, such as a reporter's or a subscription to a sentinel.
    keepAlive: 30_000,
  } as const satisfies RedisOptions;
}
