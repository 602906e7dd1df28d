import { Redis } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import { superviseServer } from '../connection/supervise-server.ts';
import type { Endpoint, SingleTarget } from '../url/redis-target.ts';
import { deployPrimaryAndReplica } from './primary-and-replica.ts';
import type { RedisDeployment } from './redis-deployment.ts';

/** Connects to one server, and to its replica when the URL names one. */
export function connectSingle(target: SingleTarget, options: ConnectionOptions): RedisDeployment {
  const connect = ({ host, port }: Endpoint) =>
    superviseServer(
      new Redis({
        ...connectionSettings(options, target),
        host,
        port,
        db: target.database,
        retryStrategy: createReconnectDelay(options),
      }),
      options,
      2,
    );
  return deployPrimaryAndReplica(
    connect(target.primary),
    target.replica === undefined ? undefined : connect(target.replica),
  );
}
