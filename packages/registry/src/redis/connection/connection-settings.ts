import type { RedisOptions } from 'ioredis';
import type { RedisTarget } from '../url/redis-target.ts';
import { tlsSettings } from '../url/tls-settings.ts';
import type { ReconnectOptions } from './reconnect-delay.ts';

/** How all connections of a registry are made. */
export type ConnectionOptions = ReconnectOptions & {
  /** How this client is called in `CLIENT LIST`. */
  readonly name: string;
  /** How long one command, and one attempt to connect, may take, ms. Twice a refresh, far above any healthy answer. */
  readonly commandTimeoutMs: number;
};

/**
 * What holds for every connection to a server with data, each setting against a default that hangs: with ioredis' own, a refused
 * connection shows after 73 s and a silent server never.
 */
export function connectionSettings(
  { name, commandTimeoutMs }: ConnectionOptions,
  { credentials, tls }: Pick<RedisTarget, 'credentials' | 'tls'>,
) {
  return {
    ...credentials,
    ...(tls === undefined ? {} : { tls: tlsSettings(tls) }),
    connectionName: name,
    // DNS, TCP and TLS together.
    connectTimeout: commandTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A connection that owes an answer and hears nothing for this long is half-open: it is given up with the command that it owes.
    socketTimeout: commandTimeoutMs,
    // At the end of all, how long to wait for the server's, which may be stopped.
    disconnectTimeout: 100,
    // A command either goes out now or fails now: old reports are worth nothing, and a queue would grow for as long as Redis is away.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Would send commands of one tick to where the first of them belongs, which is wrong while a cluster moves slots.
    enableAutoPipelining: false,
    // Would ask for INFO, which not every user may, and wait out LOADING in silence; the first command says it instead.
    enableReadyCheck: false,
    // Two commands that an ACL would refuse and log at every connection.
    disableClientInfo: true,
    // By which the OS finds that the peer of an idle connection is gone, such as a reporter's or one that listens to a sentinel.
    keepAlive: 30_000,
  } as const satisfies RedisOptions;
}
