import { Redis } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import { superviseServer } from '../connection/supervise-server.ts';
import type { SentinelTarget } from '../url/redis-target.ts';
import { tlsSettings } from '../url/tls-settings.ts';
import { GuardedSentinelConnector } from './guarded-sentinel-connector.ts';
import { deployPrimaryAndReplica } from './primary-and-replica.ts';
import type { RedisDeployment } from './redis-deployment.ts';
import { staleRole } from './server-state.ts';
import { watchFailover } from './watch-failover.ts';

/** Connects to the primary that the sentinels name, and to a replica of it when the URL has `read=replica`. */
export function connectSentinel(target: SentinelTarget, options: ConnectionOptions): RedisDeployment {
  const { username, password } = target.sentinelCredentials;
  const connect = (role: 'master' | 'slave') => {
    const roundDelayMs = createReconnectDelay(options);
    return superviseServer(
      new Redis({
        ...connectionSettings(options, target),
        Connector: GuardedSentinelConnector,
        sentinels: target.sentinels.map(({ host, port }) => ({ host, port })),
        name: target.primaryName,
        role,
        db: target.database,
        retryStrategy: createReconnectDelay(options),
        ...(username === undefined ? {} : { sentinelUsername: username }),
        ...(password === undefined ? {} : { sentinelPassword: password }),
        ...(target.tls === undefined ? {} : { sentinelTLS: tlsSettings(target.tls), enableTLSForSentinelMode: true }),
        sentinelCommandTimeout: options.commandTimeoutMs,
        // Called after a round in which no sentinel answered. The first round may start after the last sentinel used, so the next starts soon.
        sentinelRetryStrategy: (round) => (round === 1 ? 20 : roundDelayMs(round - 1)),
        // Uses only the sentinels in the URL. Addresses that sentinels report of each other accumulate, and each dead one costs a timeout.
        updateSentinels: false,
        // watchFailover replaces ioredis' detector, which prints the errors of its connections.
        failoverDetector: false,
      }),
      options,
      // Three steps: two sentinels, since one may not answer, then the server.
      3,
    );
  };

  const servers = [connect('master'), ...(target.readsReplica ? [connect('slave')] : [])] as const;
  const [primary, replica] = servers;
  const watch = watchFailover(target, options, () => {
    for (const server of servers) server?.reconnect(staleRole('the sentinels name another primary'));
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
