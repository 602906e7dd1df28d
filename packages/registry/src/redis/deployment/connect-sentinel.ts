import { Redis } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import { superviseServer } from '../connection/supervise-server.ts';
import type { SentinelTarget } from '../url/redis-target.ts';
import { tlsSettings } from '../url/tls-settings.ts';
import { deployPrimaryAndReplica } from './primary-and-replica.ts';
import type { RedisDeployment } from './redis-deployment.ts';
import { staleRole } from './server-state.ts';
import { watchFailover } from './watch-failover.ts';

/** Connects to the primary that the sentinels name, and to a replica of it where the URL wants that read. */
export function connectSentinel(target: SentinelTarget, options: ConnectionOptions): RedisDeployment {
  const { username, password } = target.sentinelCredentials;
  const connect = (role: 'master' | 'slave') => {
    const roundDelayMs = createReconnectDelay(options);
    return superviseServer(
      new Redis({
        ...connectionSettings(options, target),
        sentinels: target.sentinels.map(({ host, port }) => ({ host, port })),
        name: target.primaryName,
        role,
        db: target.database,
        retryStrategy: createReconnectDelay(options),
        ...(username === undefined ? {} : { sentinelUsername: username }),
        ...(password === undefined ? {} : { sentinelPassword: password }),
        ...(target.tls === undefined ? {} : { sentinelTLS: tlsSettings(target.tls), enableTLSForSentinelMode: true }),
        sentinelCommandTimeout: options.commandTimeoutMs,
        // All have been asked in turn: the first time because the last one was reached in the turn before, so again soon.
        sentinelRetryStrategy: (round) => (round === 1 ? 20 : roundDelayMs(round - 1)),
        // Only those that the operator lists: addresses that sentinels tell of each other pile up, and each dead one costs its time.
        updateSentinels: false,
        // ioredis' own prints the errors of its connections; ours is watchFailover.
        failoverDetector: false,
      }),
      options,
      // Two sentinels, since one may not answer, then the server.
      3,
    );
  };

  const servers = [connect('master'), ...(target.readsReplica ? [connect('slave')] : [])] as const;
  const [primary, replica] = servers;
  const watch = watchFailover(target, options, () => {
    for (const server of servers) server?.leave(staleRole('the sentinels name another primary'));
  });
  const deployment = deployPrimaryAndReplica(primary, replica);
  return {
    ...deployment,
    close() {
      watch.close();
      deployment.close();
    },
  };
}
